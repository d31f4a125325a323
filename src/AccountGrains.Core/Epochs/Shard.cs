using AccountGrains.Core.Campaigns;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// The fixed number of parts that correlation is divided into, by hash: what is known of a fingerprint is in one of them, and what goes to a campaign
/// goes through one of them. Silos come and go; a part only moves.
/// </summary>
public static class Shard
{
    /// <summary>The number of shards.</summary>
    public const int Count = 32;

    private const int Bits = 5;

    /// <summary>The shard of a fingerprint.</summary>
    public static int Of(Fingerprint fingerprint) => Of(fingerprint.Token);

    /// <summary>The shard of a campaign.</summary>
    public static int Of(CampaignId campaign) => Of(campaign.Value);

    // The highest bits: a shard's own tables go by the lowest.
    private static int Of(ulong token) => (int)(Mixing.Mix64(token) >> (64 - Bits));
}
