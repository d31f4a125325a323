using System.Runtime.InteropServices;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// One shard of correlation: which of its fingerprints were seen, how popular they are and which are too common to report, and what waits for its
/// fingerprints and campaigns. Bounded. What it does in an epoch depends only on what it was given, not on the order or on by whom.
/// </summary>
public sealed class CorrelationShard
{
    /// <summary>The most sightings that are remembered in case that others show the same.</summary>
    internal const int RecentCapacity = 8_192;

    private const int AskedLimit = 16_384;
    private const int SampleLimit = 10_000;

    // What is read ahead for so many, some ten lines of memory each, fits into the cache that a core has for itself.
    private const int Ahead = 128;
    private readonly ShardInbox _inbox = new();
    private readonly CommonFingerprints _common;
    private readonly RecentSightings _recent;

    // What fingerprints said that the table does not know. They change only through this shard, so it is never out of date.
    private readonly Dictionary<Fingerprint, int> _asked = [];
    private readonly List<(Fingerprint Token, Sighting[] Sample)> _samples = [];
    private readonly SortedDictionary<uint, int> _heads = [];
    private readonly List<Proposal> _pairs = [];
    private readonly List<SightingPlace> _before = [];
    private readonly Dictionary<Sighting, SightingPlace> _again = new(ReferenceEqualityComparer.Instance);

    // Read by nobody: it keeps the compiler from leaving out the reading ahead.
    private uint _fetched;
    private long _now;
    private double _active;

    /// <summary>An empty shard with a first-seen table of the given size.</summary>
    public CorrelationShard(int firstSeenCapacity)
        : this(new FirstSeenTable(firstSeenCapacity), new CommonFingerprints(), new RecentSightings(RecentCapacity))
    {
    }

    private CorrelationShard(FirstSeenTable firstSeen, CommonFingerprints common, RecentSightings recent)
    {
        FirstSeen = firstSeen;
        _common = common;
        _recent = recent;
    }

    /// <summary>Its part of the first-seen table.</summary>
    public FirstSeenTable FirstSeen { get; }

    /// <summary>What waits for the end of its epoch.</summary>
    public ShardInbox Inbox => _inbox;

    /// <summary>Sightings to test as cohorts, by fingerprint.</summary>
    public IReadOnlyList<(Fingerprint Token, Sighting[] Sample)> Samples => _samples;

    /// <summary>The oldest of the epochs whose sightings it still refers to.</summary>
    internal long OldestEpoch => _recent.OldestEpoch;

    /// <summary>Keeps copies of the sightings of an epoch, and of all before it, that it still refers to.</summary>
    internal void Detach(long epoch) => _recent.Detach(epoch);

    /// <summary>Takes the reports that wait, and lets through what enough accounts have shown.</summary>
    /// <param name="view">The population.</param>
    /// <param name="end">The end of the epoch, in milliseconds since 1970.</param>
    /// <param name="epoch">A number of the epoch that only grows, see <see cref="OldestEpoch"/>.</param>
    public IReadOnlyList<FingerprintCall> Admit(PopulationView view, long end, long epoch)
    {
        _now = end;
        _active = view.Active;
        _common.Expire(end);
        if (_asked.Count > AskedLimit) _asked.Clear();
        _again.Clear();
        var reports = _inbox.TakeReports();
        var calls = new List<FingerprintCall>();
        for (int i = 0, near = 0; i < reports.Count;)
        {
            var first = i;
            while (i < reports.Count && reports[i].Fingerprint == reports[first].Fingerprint) i++;
            if (near < i) near = ReadAhead(reports, Math.Max(near, first));
            if (Admit(CollectionsMarshal.AsSpan(reports)[first..i], view) is { } call) calls.Add(call);
        }

        _recent.EndEpoch(epoch);
        return calls;
    }

    /// <summary>Takes in what a fingerprint said to its reports; null when it did not acknowledge them: they go again with the next epoch.</summary>
    public void Note(FingerprintCall call, FingerprintOutcome? said, PopulationView view, long end, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (said is not { } outcome)
        {
            foreach (var report in call.Reports) _inbox.Add(new BatchReport(call.Fingerprint, PlaceOf(report.Sighting), report.Bans));
            return;
        }

        FirstSeen.SetPopularity(call.Fingerprint, outcome.Generic ? FirstSeenTable.Everybody : outcome.Accounts);
        _asked.Remove(call.Fingerprint);
        _common.Note(call.Fingerprint, outcome.Accounts, view, end, policy);
        if (PopularHeads.IsPopular(call.Fingerprint, outcome.Accounts, view)) _heads[PopularHeads.MarkOf(call.Fingerprint)] = outcome.Accounts;
        if (outcome.Sample is { } sample && _samples.Count < SampleLimit) _samples.Add((call.Fingerprint, sample));
    }

    /// <summary>How many accounts show a fingerprint, below 0 when that is not known here.</summary>
    public int PopularityOf(Fingerprint fingerprint)
    {
        if (_common.TryGetShare(fingerprint.Token, _now, out var share)) return (int)(share * _active);
        if (FirstSeen.TryGetPopularity(fingerprint, out var accounts)) return accounts;
        return _asked.TryGetValue(fingerprint, out accounts) ? accounts : -1;
    }

    /// <summary>Keeps what a fingerprint said when it was asked how many accounts show it.</summary>
    public void Know(Fingerprint fingerprint, int accounts) => _asked[fingerprint] = accounts;

    /// <summary>The heads of many accounts that were reported since the last time, by mark, with how many have sent each.</summary>
    public IReadOnlyList<PopularHead> TakeHeads()
    {
        PopularHead[] heads = [.. _heads.Select(h => new PopularHead(h.Key, h.Value))];
        _heads.Clear();
        return heads;
    }

    /// <summary>Accounts that repeat each other, found since the last time with prompts that too few have sent for them to have a state.</summary>
    public IReadOnlyList<Proposal> TakePairs()
    {
        if (_pairs.Count == 0) return [];
        Proposal[] pairs = [.. _pairs];
        _pairs.Clear();
        return pairs;
    }

    /// <summary>Forgets the samples: they were tested.</summary>
    public void Tested() => _samples.Clear();

    /// <summary>The tokens of the fingerprints that are too common to report now.</summary>
    public IReadOnlyCollection<ulong> CommonAt(long end) => _common.Now(end);

    /// <summary>Writes all of it, for another silo to go on with.</summary>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        FirstSeen.Write(writer);
        _common.Write(writer);
        _recent.Write(writer);
        Lists.Write(writer, _asked, (w, asked) =>
        {
            w.Fingerprint(asked.Key);
            w.Int32(asked.Value);
        });
        Lists.Write(writer, _samples, (w, sample) =>
        {
            w.Fingerprint(sample.Token);
            Lists.Write(w, sample.Sample, (inner, sighting) => sighting.Write(inner));
        });
        writer.Int64(_now);
        writer.Double(_active);
        _inbox.Contents.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CorrelationShard Read(ref StateReader reader)
    {
        var shard = new CorrelationShard(FirstSeenTable.Read(ref reader), CommonFingerprints.Read(ref reader), RecentSightings.Read(ref reader, RecentCapacity));
        foreach (var (fingerprint, accounts) in Lists.Read(ref reader, (ref StateReader r) => (r.Fingerprint(), r.Int32()))) shard._asked[fingerprint] = accounts;
        shard._samples.AddRange(Lists.Read(ref reader, (ref StateReader r) => (r.Fingerprint(), Lists.Read(ref r, Sighting.Read))));
        shard._now = reader.Int64();
        shard._active = reader.Double();
        shard._inbox.Add(SiteDelivery.Read(ref reader));
        return shard;
    }

    /// <summary>Reads most of what admitting the next reports needs, see <see cref="FirstSeenTable.Fetch"/>. Gives the first for which it did not.</summary>
    private int ReadAhead(List<BatchReport> reports, int first)
    {
        var next = CollectionsMarshal.AsSpan(reports)[first..Math.Min(reports.Count, first + Ahead)];
        foreach (ref readonly var report in next) _fetched += FirstSeen.Fetch(report.Fingerprint) + _recent.Fetch(report.Sighting, report.Mark);
        return first + next.Length;
    }

    private FingerprintCall? Admit(ReadOnlySpan<BatchReport> reports, PopulationView view)
    {
        var fingerprint = reports[0].Fingerprint;
        Span<uint> earlier = stackalloc uint[4];
        uint[] seeds = [];
        List<Report>? passed = null;
        for (var i = 0; i < reports.Length; i++)
        {
            ref readonly var report = ref reports[i];
            var sight = FirstSeen.Sight(fingerprint, report.Mark, earlier, out var count);
            if (sight == FirstSight.Waiting && count > 0 && PairTest.IsHead(fingerprint) && _pairs.Count < SampleLimit) PairTest.Early(fingerprint, report.Sighting, Before(reports[..i], earlier[..count], fingerprint), _pairs);
            if (sight == FirstSight.Admitted)
            {
                seeds = earlier[..count].ToArray();
                passed = KeptOf(seeds, fingerprint);
            }

            _recent.Add(report.Sighting, report.Mark, fingerprint);
            if (sight != FirstSight.Waiting) (passed ??= new List<Report>(reports.Length - i)).Add(report.Report);
        }

        // Reports are in their order, but for those of accounts that the table kept.
        if (passed is not { Count: > 0 }) return null;
        return new FingerprintCall(fingerprint, seeds, seeds.Length == 0 ? passed : [.. passed.OrderBy(r => r.Sighting.Account).ThenBy(r => r.Sighting.Time)], view);
    }

    /// <summary>Where a sighting lies whose reports go again: once for all of them.</summary>
    private SightingPlace PlaceOf(Sighting sighting)
    {
        if (!_again.TryGetValue(sighting, out var place)) _again.Add(sighting, place = SightingRows.Of(sighting));
        return place;
    }

    /// <summary>What the accounts of some marks showed last, where that shows a fingerprint.</summary>
    private List<Report> KeptOf(uint[] marks, Fingerprint fingerprint)
    {
        var kept = new List<Report>();
        foreach (var mark in marks)
        {
            if (_recent.Find(mark, fingerprint) is { IsNone: false } before) kept.Add(new Report(before.Sighting, 0));
        }

        return kept;
    }

    /// <summary>What the accounts of some marks showed when they showed a fingerprint, as far as it is known: in this epoch, or as the last that they reported here.</summary>
    private List<SightingPlace> Before(ReadOnlySpan<BatchReport> reports, ReadOnlySpan<uint> marks, Fingerprint fingerprint)
    {
        _before.Clear();
        foreach (var mark in marks)
        {
            var found = _recent.Find(mark, fingerprint);
            for (var i = reports.Length - 1; i >= 0 && found.IsNone; i--) found = reports[i].Mark == mark ? reports[i].Sighting : default;
            if (!found.IsNone) _before.Add(found);
        }

        return _before;
    }
}
