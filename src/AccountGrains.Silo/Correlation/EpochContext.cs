using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>What fingerprint and campaign grains read while an epoch ends: set before any of them is called, and left alone until all have answered.</summary>
internal sealed class EpochContext(PolicyHolder policies)
{
    /// <summary>The policy that the epoch ends under.</summary>
    public Policy Policy { get; set; } = policies.Current;

    /// <summary>This silo's part in it.</summary>
    public EpochSite? Site { get; set; }

    /// <summary>How many accounts show what a campaign will weigh, below 0 for what is not known.</summary>
    public ValueTask<Func<Fingerprint, int>> PopularityAsync(Campaign campaign, CampaignInput input)
    {
        if (Site is not { } site) return new(_ => -1);
        return site.IsAlone ? new(site.PopularityOf) : site.PopularityAsync(campaign.Needs(input), ask: false);
    }
}
