using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// What one silo does at the end of an epoch: it delivers what its accounts left behind to the shards, wherever they are, and works the shards that it has
/// itself. The steps come one after the other; between them all silos are equally far. What it answers is kept until it was heard.
/// </summary>
public sealed class EpochSite(ISiteHost host, ISitePeers peers, int firstSeenEntries)
{
    private readonly ShardSet _shards = new(firstSeenEntries);
    private readonly Unheard _unheard = new();
    private readonly RowKeeper _rows = new();
    private readonly SightingStore _received = new();
    private readonly OutgoingMail _outgoing = new();
    private EpochBatch _batch = new();

    // The last one, emptied: two of them take turns.
    private EpochBatch? _spare;
    private EpochOpening? _opening;
    private int _asked;

    /// <summary>The number of the epoch that was opened last.</summary>
    public long Number => _opening?.Number ?? 0;

    /// <summary>Where what accounts leave behind goes.</summary>
    public EpochBatch Batch => _batch;

    /// <summary>The shards that it has.</summary>
    public ShardSet Shards => _shards;

    /// <summary>The policy of the epoch.</summary>
    public Policy Policy => _opening?.Policy ?? Policy.Default;

    /// <summary>Opens the end of an epoch: delivers what waits. Null when a later one was opened before.</summary>
    public async ValueTask<Collected?> CollectAsync(EpochOpening opening, long snapshot, DecisionList decisions)
    {
        ArgumentNullException.ThrowIfNull(opening);
        if (opening.Number <= Number) return null;
        _unheard.Opened(opening.Heard >= Number);
        _opening = opening;
        _asked = 0;
        var batch = _batch;
        _batch = _spare ?? new EpochBatch();
        _spare = null;
        foreach (var left in _shards.Assign(opening)) Return(left);
        _unheard.Population.Merge(batch.Active);
        await DeliverAsync(batch, opening).ConfigureAwait(true);
        var latest = batch.Latest;
        _rows.Lend(batch.Filled);
        batch.Clear();
        _spare = batch;
        return new Collected(_unheard.Population, latest, snapshot, decisions);
    }

    /// <summary>Takes in what another site, or this one, sent. What belongs to a shard that is not here goes on with the next epoch.</summary>
    public void Take(SiteDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        foreach (var report in delivery.Reports)
        {
            if (_shards[Shard.Of(report.Fingerprint)] is { } shard) shard.Inbox.Add(report.At(_received.CopyOf(report.Sighting)));
            else _batch.Add(report);
        }

        foreach (var activity in delivery.Activity)
        {
            if (_shards[Shard.Of(activity.Campaign)] is { } shard) shard.Inbox.Add(activity);
            else _batch.Add(activity);
        }

        _rows.Lend(_received.Filled);
        _received.Forget();
        delivery.GiveBack();
    }

    /// <summary>Gives fingerprints their reports.</summary>
    public async ValueTask<Reported> ReportAsync(EpochWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var resent = 0;
        var calls = await AdmitAsync(work).ConfigureAwait(true);
        foreach (var shard in _shards.Held) _unheard.Add(shard.TakePairs());
        var outcomes = await host.ReportAsync(calls, Policy).ConfigureAwait(true);
        for (var i = 0; i < calls.Count; i++)
        {
            _shards[Shard.Of(calls[i].Fingerprint)]!.Note(calls[i], outcomes[i], work.Population, work.End, Policy);
            if (outcomes[i] is null) resent++;
            if (outcomes[i]?.Notices is { } notices) _unheard.Add(notices);
            if (outcomes[i]?.Pairs is { } pairs) _unheard.Add(pairs);
        }

        return new Reported(
            [.. _shards.Held.SelectMany(s => s.Inbox.Campaigns).Order()], [.. _unheard.Links], [.. _shards.Held.SelectMany(s => s.CommonAt(work.End))],
            _unheard.Proposals.Count > 0 || _shards.Held.Any(s => s.Samples.Count > 0), new SiteCounts(calls.Count, 0, resent),
            [.. _shards.Held.SelectMany(s => s.TakeHeads())]);
    }

    /// <summary>Tests the cohorts that are due.</summary>
    public async ValueTask<Tested> TestAsync(EpochWork work)
    {
        ArgumentNullException.ThrowIfNull(work);

        // A shard that comes from another site meanwhile keeps its samples for the next epoch.
        CorrelationShard[] shards = [.. _shards.Held];
        var samples = shards.SelectMany(s => s.Samples).OrderBy(s => s.Token).ToList();
        var cohorts = new Cohort[samples.Count];
        await host.EachAsync(samples.Count, i => cohorts[i] = new Cohort(samples[i].Token, samples[i].Sample)).ConfigureAwait(true);
        var popularity = await PopularityAsync(cohorts.SelectMany(c => c.Needed).ToHashSet(), ask: true).ConfigureAwait(true);
        var proposals = new IReadOnlyList<Proposal>[cohorts.Length];
        await host.EachAsync(cohorts.Length, i => proposals[i] = CohortTest.Run(cohorts[i], popularity, work.Population, Policy, work.Heads)).ConfigureAwait(true);
        foreach (var found in proposals) _unheard.Add(found);
        foreach (var shard in shards) shard.Tested();
        return new Tested([.. _unheard.Proposals.Where(p => !p.IsRepeat || PairTest.Holds(p, work.Heads, work.Population, Policy)).OrderBy(p => p.Token)], new SiteCounts(0, _asked, 0));
    }

    /// <summary>Closes the epoch of campaigns. What waits for others is dropped: they are gone.</summary>
    public async ValueTask<Closed> CloseAsync(CloseCall close)
    {
        ArgumentNullException.ThrowIfNull(close);
        var own = close.Calls.Select(c => _shards[Shard.Of(c.Campaign)]?.Inbox.TakeActivity(c.Campaign) ?? []).ToList();
        foreach (var shard in _shards.Held) shard.Inbox.DropActivity();
        var calls = close.Calls.Select((c, i) => c.With(own[i])).ToList();
        var outcomes = await host.CloseAsync(calls, PopularityOf, Policy).ConfigureAwait(true);
        var resent = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            if (outcomes[i] is { ForwardTo.IsNone: true }) continue;
            resent++;
            foreach (var activity in own[i]) _batch.Add(outcomes[i] is { } forwarded ? activity with { Campaign = forwarded.ForwardTo } : activity);
        }

        var earlier = _unheard.Outcomes.ToList();
        var done = outcomes.OfType<CampaignOutcome>().ToList();
        _unheard.Add(done);
        return new Closed(done, earlier, new SiteCounts(0, 0, resent));
    }

    /// <summary>How many accounts show each of some fingerprints of this site's shards, below 0 where that is not known.</summary>
    public async ValueTask<int[]> PopularityAsync(PopularityCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Ask) await AskAsync(call.Fingerprints).ConfigureAwait(true);
        return [.. call.Fingerprints.Select(PopularityOf)];
    }

    /// <summary>How many accounts show each of some fingerprints of any site's shards, as of this epoch.</summary>
    public async ValueTask<Func<Fingerprint, int>> PopularityAsync(IReadOnlyCollection<Fingerprint> needed, bool ask)
    {
        var mine = needed.Where(f => _shards[Shard.Of(f)] is not null).ToList();
        if (ask) await AskAsync(mine).ConfigureAwait(true);
        if (mine.Count == needed.Count) return PopularityOf;
        var known = new Dictionary<Fingerprint, int>();
        var owners = _opening?.Owners ?? [];
        var groups = needed.Where(f => _shards[Shard.Of(f)] is null && Shard.Of(f) < owners.Length && owners[Shard.Of(f)] >= 0).GroupBy(f => owners[Shard.Of(f)]).ToList();
        var asked = groups.Select(g => new PopularityCall([.. g.Order()], ask)).ToList();
        var answers = await Task.WhenAll(groups.Select((g, i) => peers.PopularityAsync(g.Key, asked[i]).AsTask())).ConfigureAwait(true);
        for (var i = 0; i < answers.Length; i++)
        {
            for (var j = 0; j < (answers[i]?.Count ?? 0); j++) known[asked[i].Fingerprints[j]] = answers[i]![j];
        }

        return f => known.TryGetValue(f, out var accounts) ? accounts : PopularityOf(f);
    }

    /// <summary>True when all shards are here.</summary>
    public bool IsAlone => _shards.Held.Count() == Shard.Count;

    /// <summary>How many accounts show a fingerprint of this site's shards, below 0 when that is not known.</summary>
    public int PopularityOf(Fingerprint fingerprint) => _shards[Shard.Of(fingerprint)]?.PopularityOf(fingerprint) ?? -1;

    /// <summary>Gives a shard away.</summary>
    public CorrelationShard? Release(int shard) => _shards.Release(shard);

    /// <summary>Takes everything that waits here, for another site to send: this one goes.</summary>
    public EpochBatch Leave()
    {
        foreach (var shard in _shards.Held) Return(shard.Inbox.Take());
        var batch = _batch;
        batch.Active.Merge(_unheard.Population);
        _batch = new EpochBatch();
        return batch.Copy();
    }

    private async ValueTask<List<FingerprintCall>> AdmitAsync(EpochWork work)
    {
        CorrelationShard[] shards = [.. _shards.Held];
        var calls = new IReadOnlyList<FingerprintCall>[shards.Length];

        // What others send meanwhile may come too late for its shard.
        var lent = _rows.Lent;
        await host.EachAsync(shards.Length, i => calls[i] = shards[i].Admit(work.Population, work.End, _rows.Epoch)).ConfigureAwait(true);
        _rows.EndEpoch(shards, lent);
        return [.. calls.SelectMany(c => c)];
    }

    private void Return(SiteDelivery left)
    {
        foreach (var report in left.Reports) _batch.Add(report);
        foreach (var activity in left.Activity) _batch.Add(activity);
    }

    private async ValueTask DeliverAsync(EpochBatch batch, EpochOpening opening)
    {
        var owners = opening.Owners;
        foreach (var report in batch.Reports)
        {
            // What stays here needs no delivery.
            var shard = Shard.Of(report.Fingerprint);
            if (owners[shard] == opening.Self && _shards[shard] is { } own) own.Inbox.Add(report);
            else _outgoing.Add(owners[shard], report);
        }

        foreach (var activity in batch.Activity) _outgoing.Add(owners[Shard.Of(activity.Campaign)], activity);
        try
        {
            await Task.WhenAll(_outgoing.Deliveries.Select(d => SendAsync(opening.Self, d.Site, d.Delivery))).ConfigureAwait(true);
        }
        finally
        {
            _outgoing.Clear();
        }
    }

    private async Task SendAsync(int self, int site, SiteDelivery delivery)
    {
        if (site == self) Take(delivery);
        else if (site < 0 || !await peers.DeliverAsync(site, delivery).ConfigureAwait(true)) Return(delivery);
    }

    private async ValueTask AskAsync(IReadOnlyList<Fingerprint> fingerprints)
    {
        Fingerprint[] unknown = [.. fingerprints.Where(f => _shards[Shard.Of(f)] is not null && PopularityOf(f) < 0).Order()];
        if (unknown.Length == 0) return;
        var said = await host.PopularityAsync(unknown).ConfigureAwait(true);
        _asked += unknown.Length;
        for (var i = 0; i < unknown.Length; i++)
        {
            if (said[i] is { } accounts) _shards[Shard.Of(unknown[i])]?.Know(unknown[i], accounts);
        }
    }
}
