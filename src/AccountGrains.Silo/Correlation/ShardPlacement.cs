using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace AccountGrains.Silo.Correlation;

/// <summary>Puts fingerprints and campaigns where their shard is, so that what an epoch sends them stays within a silo.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("shard-placement")]
internal sealed class ShardPlacement : PlacementStrategy;

/// <summary>Marks a grain that lives where its shard is.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShardPlacementAttribute() : PlacementAttribute(new ShardPlacement());

/// <summary>Finds the silo of a grain's shard.</summary>
internal sealed class ShardPlacementDirector(ShardOwners owners) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint) return Task.FromResult(hint);
        var shard = ShardOf(target.GrainIdentity.Key.ToString() ?? "");
        if (shard >= 0 && owners.Of(shard) is { } owner && silos.Contains(owner)) return Task.FromResult(owner);
        return Task.FromResult(silos.Contains(context.LocalSilo) ? context.LocalSilo : silos[(uint)Math.Max(0, shard) % (uint)silos.Length]);
    }

    private static int ShardOf(string key)
    {
        if (Fingerprint.TryParseGrainKey(key, out var fingerprint)) return Shard.Of(fingerprint);
        return CampaignId.TryParse(key, out var campaign) ? Shard.Of(campaign) : -1;
    }
}
