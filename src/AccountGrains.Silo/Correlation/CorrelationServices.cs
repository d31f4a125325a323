using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Correlation;

/// <summary>What fingerprints and campaigns use of their silo.</summary>
/// <param name="Epoch">What holds while an epoch ends.</param>
/// <param name="Owners">Which silo has which shard.</param>
/// <param name="Agents">The other silos.</param>
/// <param name="Flush">Who stores what changed.</param>
internal sealed record CorrelationServices(EpochContext Epoch, ShardOwners Owners, EpochAgents Agents, FlushScheduler Flush);
