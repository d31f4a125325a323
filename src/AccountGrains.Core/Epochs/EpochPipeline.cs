using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>Counts of messages, for metrics and reports.</summary>
public sealed class EpochCounts
{
    /// <summary>Calls to fingerprints that delivered reports.</summary>
    public long Reports { get; set; }

    /// <summary>Calls that asked a fingerprint for its popularity.</summary>
    public long Popularity { get; set; }

    /// <summary>Calls to campaigns.</summary>
    public long Campaigns { get; set; }

    /// <summary>Calls that told an account where it stands.</summary>
    public long Notices { get; set; }

    /// <summary>Calls to the index of campaigns.</summary>
    public long Index { get; set; }

    /// <summary>Messages that were not acknowledged, and are sent again.</summary>
    public long Resent { get; set; }

    /// <summary>All of them.</summary>
    public long Total => Reports + Popularity + Campaigns + Notices + Index;
}

/// <summary>
/// The end of an epoch: reports go to fingerprints, cohorts are tested and find their campaigns, campaigns weigh their evidence, a new snapshot is
/// published, and accounts are told. Every step works in sorted order and ends before the next begins. The cluster and the single-threaded engine
/// run this same code over different hosts.
/// </summary>
public sealed class EpochPipeline(IEpochHost host, FirstSeenTable firstSeen, Population population)
{
    private const long SweepInterval = 3_600_000;
    private const int CarryLimit = 100_000;
    private readonly CommonFingerprints _common = new();
    private readonly Dictionary<CampaignId, Proposal> _unfounded = [];
    private readonly RecentSightings _recent = new();
    private readonly List<Proposal> _unplaced = [];
    private readonly List<Proposal> _pairs = [];
    private readonly PopularHeads _heads = new();
    private readonly List<Campaign> _parts = [];
    private readonly List<CampaignOutcome> _unindexed = [];
    private readonly List<Standing> _standings = [];
    private readonly List<LinkNotice> _links = [];
    private readonly List<CampaignId> _dissolved = [];
    private long _sweptAt;
    private long _now;

    /// <summary>The snapshot of now.</summary>
    public Snapshot Snapshot { get; private set; } = Snapshot.Empty(Policy.Default);

    /// <summary>What was sent so far.</summary>
    public EpochCounts Counts { get; } = new();

    /// <summary>Starts from a snapshot, for instance one rebuilt from stored campaigns.</summary>
    public void Start(Snapshot snapshot)
    {
        Snapshot = snapshot;
        host.Publish(snapshot);
    }

    /// <summary>Works the end of an epoch. What was not acknowledged goes into the next batch.</summary>
    public async ValueTask<IReadOnlyList<Decision>> CloseAsync(EpochBatch batch, EpochBatch next, long end, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(policy);
        batch.Sort();
        foreach (var (account, time, signedUp, hops) in batch.Active) population.Add(account, time, signedUp, hops);
        var view = population.View;
        var samples = await DeliverAsync(batch, next, view, policy, end).ConfigureAwait(false);
        List<Proposal> proposals = [.. _unplaced, .. await TestAsync(samples, view, policy).ConfigureAwait(false), .. _pairs];
        _unplaced.Clear();
        _pairs.Clear();
        var calls = await PlaceAsync(proposals, batch, view, end, policy).ConfigureAwait(false);
        var (changed, gone) = await CampaignsAsync(calls, next, end, view, policy).ConfigureAwait(false);
        gone.AddRange(_dissolved);
        _dissolved.Clear();
        Snapshot = Snapshot.Next(policy, view, changed, gone, _common.Now(end));
        host.Publish(Snapshot);
        return await TellAsync(end).ConfigureAwait(false);
    }

    private async ValueTask<List<(Fingerprint Token, Sighting[] Sample)>> DeliverAsync(EpochBatch batch, EpochBatch next, PopulationView view, Policy policy, long end)
    {
        _now = end;
        _common.Expire(end);
        var calls = Admit(batch.Reports, view);
        var outcomes = await host.ReportAsync(calls, policy).ConfigureAwait(false);
        Counts.Reports += calls.Count;
        var samples = new List<(Fingerprint, Sighting[])>();
        for (var i = 0; i < calls.Count; i++)
        {
            if (outcomes[i] is not { } outcome)
            {
                Counts.Resent++;
                foreach (var report in calls[i].Reports) next.Add(new BatchReport(calls[i].Fingerprint, report));
                continue;
            }

            firstSeen.SetPopularity(calls[i].Fingerprint, outcome.Generic ? FirstSeenTable.Everybody : outcome.Accounts);
            _common.Note(calls[i].Fingerprint, outcome.Accounts, view, end, policy);
            if (outcome.Sample is { } sample) samples.Add((calls[i].Fingerprint, sample));
            _heads.Note(calls[i].Fingerprint, outcome.Accounts, view);
            if (outcome.Pairs is { } pairs) _pairs.AddRange(pairs);
            if (outcome.Notices is { } notices && _links.Count < CarryLimit) _links.AddRange(notices);
        }

        return samples;
    }

    /// <summary>Lets through what enough accounts have shown.</summary>
    private List<FingerprintCall> Admit(IReadOnlyList<BatchReport> reports, PopulationView view)
    {
        var calls = new List<FingerprintCall>();
        var earlier = new uint[4];
        var passed = new List<Report>();
        for (var i = 0; i < reports.Count;)
        {
            var fingerprint = reports[i].Fingerprint;
            uint[] seeds = [];
            passed.Clear();
            for (; i < reports.Count && reports[i].Fingerprint == fingerprint; i++)
            {
                var sight = firstSeen.Sight(fingerprint, reports[i].Report.Sighting.Account, earlier, out var count);
                if (sight == FirstSight.Admitted)
                {
                    seeds = [.. earlier[..count]];
                    foreach (var mark in seeds)
                    {
                        if (_recent.Find(mark, fingerprint) is { } before) passed.Add(new Report(before, 0));
                    }
                }

                _recent.Add(reports[i].Report.Sighting, fingerprint);
                if (sight != FirstSight.Waiting) passed.Add(reports[i].Report);
            }

            if (passed.Count > 0) calls.Add(new FingerprintCall(fingerprint, seeds, [.. passed.OrderBy(r => r.Sighting.Account).ThenBy(r => r.Sighting.Time)], view));
        }

        return calls;
    }

    private async ValueTask<List<Proposal>> TestAsync(List<(Fingerprint Token, Sighting[] Sample)> samples, PopulationView view, Policy policy)
    {
        var needed = new SortedSet<Fingerprint>();
        foreach (var (_, sample) in samples) CohortTest.Needed(sample, needed);
        Fingerprint[] unknown = [.. needed.Where(f => !_common.TryGetShare(f.Token, _now, out _) && !firstSeen.TryGetPopularity(f, out _))];
        if (unknown.Length > 0)
        {
            var found = await host.PopularityAsync(unknown).ConfigureAwait(false);
            Counts.Popularity += unknown.Length;
            for (var i = 0; i < unknown.Length; i++)
            {
                if (found[i] is { } accounts) firstSeen.SetPopularity(unknown[i], accounts);
            }
        }

        return [.. samples.SelectMany(s => CohortTest.Run(s.Token, s.Sample, PopularityOf, view, policy, _heads))];
    }

    private int PopularityOf(Fingerprint fingerprint)
    {
        if (_common.TryGetShare(fingerprint.Token, _now, out var share)) return (int)(share * population.View.Active);
        return firstSeen.TryGetPopularity(fingerprint, out var accounts) ? accounts : -1;
    }

    private async ValueTask<List<CampaignCall>> PlaceAsync(List<Proposal> proposals, EpochBatch batch, PopulationView view, long end, Policy policy)
    {
        var calls = new SortedDictionary<CampaignId, (Proposal? Founding, List<Sighting> Joins, List<MemberActivity> Activity)>();
        if (proposals.Count > 0)
        {
            Counts.Index++;
            var placements = await host.PlaceAsync(proposals, end).ConfigureAwait(false);
            if (placements is null) Keep(proposals);
            foreach (var placement in placements ?? [])
            {
                var call = Call(placement.Campaign);
                calls[placement.Campaign] = call with { Founding = call.Founding ?? placement.Founding };
                call.Joins.AddRange(placement.Joins);
            }
        }

        foreach (var activity in batch.Activity) Call(activity.Campaign).Activity.Add(activity);
        if (end - _sweptAt >= SweepInterval)
        {
            Counts.Index++;
            var sweep = await host.SweepAsync(end, policy).ConfigureAwait(false);
            if (sweep is not null) _sweptAt = end;
            var (silent, surplus) = sweep ?? ([], []);
            foreach (var id in silent) Call(id);
            if (surplus.Count > 0) _standings.AddRange(await host.DissolveAsync(surplus).ConfigureAwait(false));
            _dissolved.AddRange(surplus);
            foreach (var id in surplus) calls.Remove(id);
        }

        return [.. calls.Select(c => new CampaignCall(c.Key, c.Value.Founding, new CampaignInput(end, [.. c.Value.Joins.OrderBy(j => j.Account).ThenBy(j => j.Time)], c.Value.Activity), view))];

        (Proposal? Founding, List<Sighting> Joins, List<MemberActivity> Activity) Call(CampaignId id)
        {
            if (!calls.TryGetValue(id, out var call)) calls.Add(id, call = (_unfounded.GetValueOrDefault(id), [], []));
            return call;
        }
    }

    private async ValueTask<(List<CampaignSignature> Changed, List<CampaignId> Gone)> CampaignsAsync(List<CampaignCall> calls, EpochBatch next, long end, PopulationView view, Policy policy)
    {
        var outcomes = await host.CloseAsync(calls, PopularityOf, policy).ConfigureAwait(false);
        Counts.Campaigns += calls.Count;
        var done = new List<CampaignOutcome>();
        for (var i = 0; i < calls.Count; i++)
        {
            _unfounded.Remove(calls[i].Campaign);
            if (outcomes[i] is not { } outcome)
            {
                Carry(calls[i], calls[i].Campaign, next);
                continue;
            }

            done.Add(outcome);
            if (!outcome.ForwardTo.IsNone) Carry(calls[i] with { Founding = null }, outcome.ForwardTo, next);
        }

        foreach (var part in _parts.ToList()) await AdoptAsync(part).ConfigureAwait(false);
        foreach (var outcome in done)
        {
            _standings.AddRange(outcome.Standings);
            if (outcome.Split is not { } part) continue;
            _parts.Add(part);
            await AdoptAsync(part).ConfigureAwait(false);
        }

        if (done.Count + _unindexed.Count == 0) return ([], []);
        Counts.Index++;
        var signatures = done.ToDictionary(o => o.Signature.Id, o => o.Signature);
        var gone = done.Where(o => o.Signature.Members == 0).Select(o => o.Signature.Id).ToList();
        foreach (var merger in await IndexAsync(done, end).ConfigureAwait(false))
        {
            Counts.Campaigns += 2;
            if (await host.MergeAsync(merger, end, view, policy).ConfigureAwait(false) is not { } merged) continue;
            signatures[merger.Into] = merged.Signature;
            gone.Add(merger.From);
            _standings.AddRange(merged.Standings);
        }

        return ([.. signatures.Values.Where(s => !gone.Contains(s.Id) && !ReferenceEquals(Snapshot.Find(s.Id), s)).OrderBy(s => s.Id)], gone);
    }

    /// <summary>Stores a campaign that split off; its members are told only then, and it is tried again at the next epoch's end.</summary>
    private async ValueTask AdoptAsync(Campaign part)
    {
        if (!await host.AdoptAsync(part).ConfigureAwait(false)) return;
        _parts.Remove(part);
        _standings.AddRange(part.MembersAfter(null).Select(m => new Standing(m.Account, part.SplitFrom, StandingChange.Moved, false, part.Id)));
    }

    private async ValueTask<IReadOnlyList<Merger>> IndexAsync(List<CampaignOutcome> done, long end)
    {
        List<CampaignOutcome> outcomes = [.. _unindexed, .. done];
        var mergers = await host.UpdateAsync(outcomes, end).ConfigureAwait(false);
        _unindexed.Clear();
        if (mergers is not null) return mergers;
        Counts.Resent++;
        _unindexed.AddRange(outcomes.TakeLast(CarryLimit));
        return [];
    }

    /// <summary>Keeps proposals that the index did not acknowledge: a cohort that does not grow is not proposed again.</summary>
    private void Keep(List<Proposal> proposals)
    {
        Counts.Resent++;
        _unplaced.AddRange(proposals.Take(CarryLimit - _unplaced.Count));
    }

    /// <summary>Keeps what a campaign did not acknowledge, or another has to get, for the next epoch's end.</summary>
    private void Carry(CampaignCall call, CampaignId to, EpochBatch next)
    {
        Counts.Resent++;
        if (call.Founding is not null && _unfounded.Count < CarryLimit) _unfounded[to] = call.Founding;
        foreach (var activity in call.Input.Activity) next.Add(activity with { Campaign = to });
        foreach (var sighting in call.Input.Joins) next.Add(new MemberActivity { Campaign = to, Sighting = sighting, Name = "", Number = 0, Joins = true, Score = 0 });
    }

    private async ValueTask<List<Decision>> TellAsync(long end)
    {
        // The order within an account is that of the steps above; accounts go by their ids.
        var standings = _standings.ToLookup(s => s.Account);
        var links = _links.ToLookup(l => l.Account);
        AccountCall[] calls = [.. _standings.Select(s => s.Account).Concat(_links.Select(l => l.Account)).Distinct().Order()
            .Select(account => new AccountCall(account, [.. standings[account]], [.. links[account]], end))];
        _standings.Clear();
        _links.Clear();
        var replies = await host.TellAsync(calls).ConfigureAwait(false);
        Counts.Notices += calls.Length;
        var decisions = new List<Decision>();
        var joined = new SortedDictionary<CampaignId, List<JoinReply>>();
        for (var i = 0; i < calls.Length; i++)
        {
            if (replies[i] is not { } reply)
            {
                Counts.Resent++;
                _standings.AddRange(calls[i].Standings);
                _links.AddRange(calls[i].Links);
                continue;
            }

            decisions.AddRange(reply.Decisions);
            foreach (var (campaign, said) in reply.Joined)
            {
                if (!joined.TryGetValue(campaign, out var list)) joined.Add(campaign, list = []);
                list.Add(said);
            }
        }

        foreach (var (campaign, said) in joined) await host.AcknowledgeAsync(campaign, said).ConfigureAwait(false);
        return decisions;
    }
}
