using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// Where fingerprints and campaigns live, as a site needs it at the end of an epoch. A result of null says that the message was not acknowledged: it is
/// sent again at the next epoch's end.
/// </summary>
public interface ISiteHost
{
    /// <summary>Delivers reports to fingerprints.</summary>
    ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, Policy policy);

    /// <summary>Asks fingerprints how many accounts show them.</summary>
    ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints);

    /// <summary>Works the end of an epoch of campaigns.</summary>
    ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, Policy policy);

    /// <summary>
    /// Does some work for each number below the first; done when all of it is. No two of them have anything to do with one another: a host with threads to spare does them in any order and at the
    /// same time, one whose threads have others to serve lets these go first in between, all others do them one after the other. What other sites send may come meanwhile.
    /// </summary>
    ValueTask EachAsync(int count, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (var i = 0; i < count; i++) work(i);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The same for what is done once for all sites.</summary>
public interface IEpochHost
{
    /// <summary>Finds places for proposals.</summary>
    ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end);

    /// <summary>Stores a campaign that split off; false when that was not acknowledged.</summary>
    ValueTask<bool> AdoptAsync(Campaign part);

    /// <summary>Tells the index what became of campaigns; says which are one now, and names them again until they are merged.</summary>
    ValueTask<IReadOnlyList<Merger>?> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end, Policy policy);

    /// <summary>Merges two campaigns.</summary>
    ValueTask<MergerOutcome?> MergeAsync(Merger merger, long end, PopulationView population, Policy policy);

    /// <summary>Campaigns that fell silent, and those beyond the limit.</summary>
    ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)?> SweepAsync(long end, Policy policy);

    /// <summary>Dissolves campaigns beyond the limit; says whom to tell.</summary>
    ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns);

    /// <summary>Tells accounts where they stand.</summary>
    ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls);

    /// <summary>Tells campaigns what their new members said.</summary>
    ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies);
}
