using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Correlation;

/// <summary>What fingerprints and campaigns use of their silo.</summary>
/// <param name="Epoch">What holds while an epoch ends.</param>
/// <param name="Owners">Which silo has which shard.</param>
/// <param name="Agents">The other silos.</param>
/// <param name="Behind">How what changed is stored.</param>
internal sealed record CorrelationServices(EpochContext Epoch, ShardOwners Owners, EpochAgents Agents, BehindServices Behind);
