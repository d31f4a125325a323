using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// Whether accounts act at the same moments: pairs of members in one bucket of ten seconds, against what their activity in the ten minutes around makes
/// chance. A member that is in b_i of the 60 buckets and one that is in b_j meet b_i·b_j/60 times by chance. Buckets that begin with each fifth
/// minute count for nothing: then every clock-driven job of the world runs.
/// </summary>
internal sealed class BurstWatch
{
    /// <summary>Milliseconds of a bucket.</summary>
    public const long Bucket = 10_000;

    private const int Buckets = 60;
    private const int Clock = 30;
    private const int EntryLimit = 2048;
    private const int HitLimit = 64;
    private const double Fading = 0.99;
    private const double Found = 7;
    private readonly SortedSet<(long Bucket, uint Mark)> _entries = [];
    private readonly Queue<long> _bursts = new();
    private double _pairs;
    private double _expected;
    private long _judged;

    /// <summary>The last buckets in which members met more than chance allows, as numbers of ten seconds since 1970.</summary>
    public IReadOnlyCollection<long> Bursts => _bursts;

    /// <summary>How often two members met in one bucket lately, and how often chance makes them, both fading.</summary>
    public (double Seen, double Expected) Meetings => (_pairs, _expected);

    /// <summary>True when members met far more often than chance makes them.</summary>
    public bool Regular(Policy policy) => SurpriseAt(policy.BurstRatio) >= policy.BurstSurprise;

    /// <summary>True when that is likely, and no proof yet.</summary>
    public bool Likely(Policy policy) => SurpriseAt(policy.BurstRatio) >= policy.GatherSurprise;

    /// <summary>
    /// Begins with the moments that two accounts had in common. They were found among many pairs: that makes it likely that members act together, and proves
    /// nothing.
    /// </summary>
    public void Begin(IEnumerable<long> shared)
    {
        foreach (var bucket in shared) Note(bucket);
        (_pairs, _expected) = (_bursts.Count, _bursts.Count);
        while (_pairs > 0 && Likelihood.Surprise(_pairs, _expected) < Found) _expected *= 0.9;
    }

    /// <summary>Notes a member's request. What comes after its bucket was judged counts no more.</summary>
    public void Take(uint mark, long time)
    {
        var bucket = time / Bucket;
        if (bucket > _judged && _entries.Count < EntryLimit) _entries.Add((bucket, mark));
    }

    /// <summary>Judges the buckets that ended, tells who was in a burst, and forgets what is older than its ten minutes.</summary>
    public void Close(long end, int members, Policy policy, Action<uint, bool> judged)
    {
        var ended = (end / Bucket) - 1;
        foreach (var group in Between(_judged + 1, ended).GroupBy(e => e.Bucket).ToList())
        {
            if (group.Key % Clock != 0) Judge(group.Key, [.. group.Select(e => e.Mark)], members, policy, judged);
        }

        _judged = Math.Max(_judged, ended);
        for (var window = ended / Buckets; _entries.Count > 0 && _entries.Min.Bucket / Buckets < window;)
        {
            CloseWindow(_entries.Min.Bucket / Buckets);
        }
    }

    /// <summary>Takes in what another cohort's watch saw; meetings between the two count from now on.</summary>
    public void Merge(BurstWatch other)
    {
        _pairs += other._pairs;
        _expected += other._expected;
        foreach (var entry in other._entries.Where(e => e.Bucket > _judged).Take(Math.Max(0, EntryLimit - _entries.Count))) _entries.Add(entry);
        long[] bursts = [.. _bursts.Union(other._bursts).Order().TakeLast(HitLimit)];
        _bursts.Clear();
        foreach (var bucket in bursts) _bursts.Enqueue(bucket);
    }

    public void Write(StateWriter writer)
    {
        writer.Double(_pairs);
        writer.Double(_expected);
        writer.Int64(_judged);
        Lists.Write(writer, _bursts, (w, bucket) => w.Int64(bucket));
        Lists.Write(writer, _entries, (w, entry) =>
        {
            w.Int64(entry.Bucket);
            w.UInt32(entry.Mark);
        });
    }

    public void ReadFrom(ref StateReader reader)
    {
        _pairs = reader.Double();
        _expected = reader.Double();
        _judged = reader.Int64();
        foreach (var bucket in Lists.Read(ref reader, (ref StateReader r) => r.Int64())) _bursts.Enqueue(bucket);
        foreach (var entry in Lists.Read(ref reader, (ref StateReader r) => (r.Int64(), r.UInt32()))) _entries.Add(entry);
    }

    private void Judge(long bucket, uint[] marks, int members, Policy policy, Action<uint, bool> judged)
    {
        var active = OfWindow(bucket / Buckets).Select(e => e.Mark).Distinct().Count();
        var burst = marks.Length >= (members >= 20 ? 3 : 2) && marks.Length >= policy.BurstRatio * active / Buckets;
        if (burst) Note(bucket);
        foreach (var mark in marks) judged(mark, burst);
    }

    private double SurpriseAt(double ratio) => _pairs >= ratio * _expected ? Likelihood.Surprise(_pairs, _expected) : 0;

    /// <summary>The entries of some buckets, without a look at the others.</summary>
    private SortedSet<(long Bucket, uint Mark)> Between(long first, long last) => last < first ? [] : _entries.GetViewBetween((first, 0), (last, uint.MaxValue));

    private SortedSet<(long Bucket, uint Mark)> OfWindow(long window) => Between(window * Buckets, ((window + 1) * Buckets) - 1);

    private void Note(long bucket)
    {
        _bursts.Enqueue(bucket);
        if (_bursts.Count > HitLimit) _bursts.Dequeue();
    }

    private void CloseWindow(long window)
    {
        var entries = OfWindow(window).Where(e => e.Bucket % Clock != 0).ToList();
        _entries.RemoveWhere(e => e.Bucket / Buckets <= window);
        double sum = 0, squares = 0;
        foreach (var buckets in entries.GroupBy(e => e.Mark).Select(g => (double)g.Count()))
        {
            sum += buckets;
            squares += buckets * buckets;
        }

        _expected = (_expected * Fading) + (((sum * sum) - squares) / 2 / Buckets);
        _pairs = (_pairs * Fading) + entries.GroupBy(e => e.Bucket).Select(g => (double)g.Count()).Sum(n => n * (n - 1) / 2);
    }
}
