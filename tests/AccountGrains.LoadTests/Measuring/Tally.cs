using System.Diagnostics;
using AccountGrains.LoadTests.Targets;
using HdrHistogram;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>Counts answers and their latencies while they come.</summary>
internal sealed class Tally
{
    private readonly long[] _answers = new long[Enum.GetValues<Answer>().Length];
    private readonly HistogramBase _accepted = Latency.Histogram();
    private readonly HistogramBase _live = Latency.Histogram();
    private readonly HistogramBase _late = Latency.Histogram();

    /// <summary>Answers by kind, without those that there were none of.</summary>
    public IReadOnlyDictionary<string, long> ByKind => Enum.GetValues<Answer>()
        .Where(a => _answers[(int)a] > 0).ToDictionary(a => char.ToLowerInvariant(a.ToString()[0]) + a.ToString()[1..], a => _answers[(int)a]);

    /// <summary>Calls that were not refused and did not fail.</summary>
    public long Accepted => _answers[(int)Answer.Live] + _answers[(int)Answer.Duplicate] + _answers[(int)Answer.Stale] + _answers[(int)Answer.Fallback];

    /// <summary>All calls that ended.</summary>
    public long Ended => _answers.Sum();

    /// <summary>The latency of accepted calls.</summary>
    public Latency Latency => Latency.Of(_accepted);

    /// <summary>The latency of calls that the account itself answered.</summary>
    public Latency Live => Latency.Of(_live);

    /// <summary>How late calls were sent; null where nobody said when to.</summary>
    public Latency? Late => _late.TotalCount == 0 ? null : Latency.Of(_late);

    /// <summary>Counts that a call is sent now.</summary>
    /// <param name="intended">When it was to be sent, as a timestamp of the stopwatch.</param>
    public void Send(long intended) => Record(_late, intended);

    /// <summary>Counts a call that ended.</summary>
    /// <param name="answer">How it was answered.</param>
    /// <param name="intended">When it was to be sent, as a timestamp of the stopwatch.</param>
    public void Count(Answer answer, long intended)
    {
        Interlocked.Increment(ref _answers[(int)answer]);
        if (answer > Answer.Fallback) return;
        Record(_accepted, intended);
        if (answer is Answer.Live or Answer.Duplicate) Record(_live, intended);
    }

    private static void Record(HistogramBase histogram, long since) =>
        histogram.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(since).TotalNanoseconds, 1, (long)Latency.Longest.TotalNanoseconds - 1));
}
