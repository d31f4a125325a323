using AccountGrains.Abstractions.Correlation;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Decisions;

namespace AccountGrains.Silo.Correlation;

/// <summary>What this silo does at the end of an epoch. Its steps are done one at a time, however late their callers gave up on them.</summary>
internal sealed class EpochAgent : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly CorrelationBatch _waiting;
    private readonly SnapshotHolder _snapshots;
    private readonly EpochContext _context;
    private readonly ShardOwners _owners;
    private readonly LastVerdicts _verdicts;
    private Snapshot? _assembly;

    public EpochAgent(
        GrainSiteHost host, SitePeers peers, CorrelationBatch waiting, SnapshotHolder snapshots, EpochContext context, ShardOwners owners, LastVerdicts verdicts, CorrelationLimits limits)
    {
        Peers = peers;
        _waiting = waiting;
        _snapshots = snapshots;
        _context = context;
        _owners = owners;
        _verdicts = verdicts;
        Site = new EpochSite(host, peers, limits.FirstSeenEntries);
        context.Site = Site;
    }

    /// <summary>The site.</summary>
    public EpochSite Site { get; }

    /// <summary>What goes to other silos.</summary>
    public SitePeers Peers { get; }

    /// <summary>The number of reports and activities that wait here for the end of an epoch, those that were not acknowledged at the last one too.</summary>
    public int Depth => _waiting.Depth + Site.Batch.Depth + Site.Shards.Depth;

    /// <summary>Where it is.</summary>
    public AgentState State => new() { Number = Site.Number, Snapshot = _snapshots.Current.Version, Shards = Site.Shards.Numbers };

    /// <summary>Runs one step, after the one before it ended.</summary>
    public async ValueTask<T> InTurnAsync<T>(Func<ValueTask<T>> step)
    {
        await _one.WaitAsync().ConfigureAwait(true);
        try
        {
            return await step().ConfigureAwait(true);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Opens the end of an epoch.</summary>
    public async ValueTask<Collected?> CollectAsync(SiloAddress[] sites, EpochOpening opening)
    {
        if (opening.Number <= Site.Number) return null;
        _context.Policy = opening.Policy;
        _owners.Set(sites, opening.Owners);
        foreach (var back in Peers.Open(sites)) Site.Take(back);
        await Peers.ResendAsync().ConfigureAwait(true);
        _waiting.DrainTo(Site.Batch);
        var news = _verdicts.News(heard: opening.Heard >= Site.Number);
        return await Site.CollectAsync(opening, _snapshots.Current.Version, new DecisionList(news)).ConfigureAwait(true);
    }

    /// <summary>Takes a snapshot in, or a part of one, and the decisions of other silos. A part is put aside until the last one is there.</summary>
    public void Publish(SnapshotChange change, DecisionList decisions)
    {
        foreach (var decision in decisions.Items) _verdicts.Keep(decision);
        var before = change.From == 0 ? Snapshot.Empty(change.Policy) : change.From < 0 ? _assembly : _snapshots.Current;
        var next = before is null ? null : change.ApplyTo(before);
        if (next is null) throw new InvalidOperationException($"The snapshot {change.Version} follows on {change.From}, which is not here.");
        if (next.Version < 0)
        {
            _assembly = next;
            return;
        }

        _assembly = null;
        _snapshots.Current = next;
    }

    /// <summary>Takes over what a silo that stops did not deliver.</summary>
    public void Inherit(LeftBehind left)
    {
        foreach (var decision in left.Decisions.Items) _verdicts.Keep(decision);
        Site.Batch.Inherit(left);
    }

    /// <summary>Takes everything that waits here.</summary>
    public LeftBehind Leave()
    {
        _waiting.DrainTo(Site.Batch);
        foreach (var back in Peers.Open([])) Site.Take(back);
        var batch = Site.Leave();
        return new LeftBehind(new SiteDelivery(0, batch.Reports, batch.Activity), batch.Active, batch.Latest, new DecisionList(_verdicts.News(heard: false)));
    }

    public void Dispose() => _one.Dispose();
}
