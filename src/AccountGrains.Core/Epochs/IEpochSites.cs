using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// All sites, as the end of an epoch goes through them: each step ends at all of them before the next begins. Answers stand in the order of the sites;
/// a site that does not answer is left out for the rest of the epoch, and goes on with the next.
/// </summary>
public interface IEpochSites
{
    /// <summary>Has every site deliver what its accounts left behind to the shards.</summary>
    ValueTask<IReadOnlyList<Collected>> CollectAsync(Policy policy);

    /// <summary>Has every site give its fingerprints their reports.</summary>
    ValueTask<IReadOnlyList<Reported>> ReportAsync(EpochWork work);

    /// <summary>Has every site test its cohorts.</summary>
    ValueTask<IReadOnlyList<Tested>> TestAsync(EpochWork work);

    /// <summary>Has every site close the epoch of its campaigns.</summary>
    ValueTask<IReadOnlyList<Closed>> CloseAsync(EpochWork work, IReadOnlyList<CampaignCall> calls);

    /// <summary>Publishes a snapshot at every site; the second makes it for a site that does not have the last one.</summary>
    ValueTask PublishAsync(SnapshotChange change, Func<SnapshotChange> whole);

    /// <summary>The number of the epoch that was opened last.</summary>
    long Number { get; }
}

/// <summary>The other sites, as a site sees them.</summary>
public interface ISitePeers
{
    /// <summary>Sends what goes to a site's shards, and keeps copies of what it keeps; false when it takes care of nothing.</summary>
    ValueTask<bool> DeliverAsync(int site, SiteDelivery delivery);

    /// <summary>Asks a site for popularity; null when it did not answer.</summary>
    ValueTask<IReadOnlyList<int>?> PopularityAsync(int site, PopularityCall call);
}
