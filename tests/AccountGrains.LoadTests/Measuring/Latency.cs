using HdrHistogram;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>Percentiles in microseconds.</summary>
internal sealed record Latency(double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>The longest time that is told apart.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>A histogram of nanoseconds with three digits, for any number of threads.</summary>
    public static HistogramBase Histogram() => new LongConcurrentHistogram(1_000, (long)Longest.TotalNanoseconds, 3);

    /// <summary>The percentiles of a histogram.</summary>
    public static Latency Of(HistogramBase histogram)
    {
        return new Latency(At(50), At(90), At(99), At(99.9), histogram.TotalCount == 0 ? 0 : histogram.GetMaxValue() / 1_000.0);

        double At(double percentile) => histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1_000.0;
    }
}
