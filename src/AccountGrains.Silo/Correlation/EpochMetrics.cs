using System.Diagnostics.Metrics;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>What is measured of the ends of epochs, on the silo that ends them.</summary>
internal sealed class EpochMetrics
{
    private readonly Histogram<double> _duration;
    private EpochCounts _counts = new();
    private long _lastEnd;

    /// <summary>Makes the instruments.</summary>
    public EpochMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AccountGrains");
        _duration = meter.CreateHistogram<double>("accountgrains.epoch.duration", "s", "How long the end of an epoch took");
    }

    /// <summary>True while it is this silo that ends the epochs.</summary>
    public bool IsHere { get; set; }

    /// <summary>What was sent since this silo ends the epochs.</summary>
    public EpochCounts Counts => Volatile.Read(ref _counts);

    /// <summary>When the last epoch ended here, in clock time; 0 when none did.</summary>
    public long LastEnd => Interlocked.Read(ref _lastEnd);

    /// <summary>Notes the end of an epoch.</summary>
    public void Ended(EpochCounts counts, TimeSpan took, long now)
    {
        Volatile.Write(ref _counts, counts);
        Interlocked.Exchange(ref _lastEnd, now);
        _duration.Record(took.TotalSeconds);
    }
}
