using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Fingerprints;

namespace AccountGrains.Silo.Correlation;

/// <summary>Fingerprints and campaigns as grains, for this silo's shards.</summary>
internal sealed class GrainSiteHost(IGrainFactory grains, GrainCalls calls) : ISiteHost
{
    public async ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> reports, Policy policy)
    {
        var replies = await calls.AllAsync(reports, call => grains.Fingerprint(call.Fingerprint).ReportAsync(new(call))).ConfigureAwait(false);
        return [.. replies.Select(r => r?.Value.Outcome)];
    }

    public async ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints)
    {
        var replies = await calls.AllAsync(fingerprints, async f => (object)await grains.Fingerprint(f).PopularityAsync().ConfigureAwait(false)).ConfigureAwait(false);
        return [.. replies.Select(r => r is int accounts and > 0 ? accounts : (int?)null)];
    }

    public async ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> campaigns, Func<Fingerprint, int> popularity, Policy policy)
    {
        var replies = await calls.AllAsync(campaigns, call => grains.GetGrain<ICampaignGrain>(call.Campaign.ToString()).CloseAsync(new(call))).ConfigureAwait(false);
        return [.. replies.Select(r => r?.Value)];
    }
}
