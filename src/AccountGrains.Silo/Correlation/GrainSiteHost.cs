using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Fingerprints;

namespace AccountGrains.Silo.Correlation;

/// <summary>Fingerprints and campaigns as grains, for this silo's shards.</summary>
internal sealed class GrainSiteHost(IGrainFactory grains, GrainCalls calls, TimeProvider clock) : ISiteHost
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

    // The others wait for this silo, but not for ever.
    private static readonly TimeSpan MostWaiting = TimeSpan.FromSeconds(1);

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

    /// <summary>
    /// The threads that serve requests do this work too: it lets those that wait go first after each millisecond, or they would wait for all of it. Back to its own turns each time,
    /// since what other silos send is taken in between. When they are so many that it would be late, it waits no more.
    /// </summary>
    public async ValueTask EachAsync(int count, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var began = clock.GetTimestamp();
        var waited = TimeSpan.Zero;
        for (var i = 0; i < count; i++)
        {
            if (waited < MostWaiting && clock.GetElapsedTime(began) >= Turn)
            {
                var left = clock.GetTimestamp();
                await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).ConfigureAwait(true);
                began = clock.GetTimestamp();
                waited += clock.GetElapsedTime(left, began);
            }

            work(i);
        }
    }
}
