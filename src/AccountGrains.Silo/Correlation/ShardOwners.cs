using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>Which silo has which shard, as of the last epoch that this silo took part in.</summary>
internal sealed class ShardOwners(ILocalSiloDetails local)
{
    private SiloAddress?[] _owners = new SiloAddress?[Shard.Count];

    /// <summary>Takes over what an epoch was opened with.</summary>
    public void Set(SiloAddress[] sites, int[] owners) => Volatile.Write(ref _owners, [.. owners.Select(o => o >= 0 && o < sites.Length ? sites[o] : null)]);

    /// <summary>The silo of a shard, null when that is not known.</summary>
    public SiloAddress? Of(int shard) => Volatile.Read(ref _owners)[shard];

    /// <summary>True when what belongs to a fingerprint's shard is better kept on another silo.</summary>
    public bool IsElsewhere(Fingerprint fingerprint) => IsElsewhere(Shard.Of(fingerprint));

    /// <summary>True when what belongs to a campaign's shard is better kept on another silo.</summary>
    public bool IsElsewhere(CampaignId campaign) => IsElsewhere(Shard.Of(campaign));

    private bool IsElsewhere(int shard) => Of(shard) is { } owner && !owner.Equals(local.SiloAddress);
}
