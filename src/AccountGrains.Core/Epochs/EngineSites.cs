using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>The engine's only site: it has all shards.</summary>
internal sealed class EngineSites(EpochSite site, EngineHost host) : IEpochSites
{
    private static readonly int[] Owners = new int[Shard.Count];

    /// <summary>Others that are never asked.</summary>
    public static ISitePeers NoPeers { get; } = new Nobody();

    public long Number { get; private set; }

    public async ValueTask<IReadOnlyList<Collected>> CollectAsync(Policy policy)
    {
        Number++;
        return [(await site.CollectAsync(new EpochOpening(Number, Number - 1, 0, Owners, policy), host.Snapshot.Version, new DecisionList([])).ConfigureAwait(true))!];
    }

    public async ValueTask<IReadOnlyList<Reported>> ReportAsync(EpochWork work) => [await site.ReportAsync(work).ConfigureAwait(true)];

    public async ValueTask<IReadOnlyList<Tested>> TestAsync(EpochWork work) => [await site.TestAsync(work).ConfigureAwait(true)];

    public async ValueTask<IReadOnlyList<Closed>> CloseAsync(EpochWork work, IReadOnlyList<CampaignCall> calls) =>
        [await site.CloseAsync(new CloseCall(work.Number, calls)).ConfigureAwait(true)];

    public ValueTask PublishAsync(SnapshotChange change, Func<SnapshotChange> whole)
    {
        host.Snapshot = change.ApplyTo(host.Snapshot) ?? whole().ApplyTo(host.Snapshot)!;
        return ValueTask.CompletedTask;
    }

    private sealed class Nobody : ISitePeers
    {
        public ValueTask<bool> DeliverAsync(int site, SiteDelivery delivery) => new(false);

        public ValueTask<IReadOnlyList<int>?> PopularityAsync(int site, PopularityCall call) => new((IReadOnlyList<int>?)null);
    }
}
