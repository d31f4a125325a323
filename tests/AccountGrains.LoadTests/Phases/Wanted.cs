using AccountGrains.LoadTests.Commands;

namespace AccountGrains.LoadTests.Phases;

/// <summary>What the figures should be.</summary>
internal static class Wanted
{
    /// <summary>Messages between silos for an observation, beyond those of a bare call.</summary>
    public const double Messages = 0.05;

    /// <summary>The tracker's throughput as a share of a baseline's.</summary>
    public static double? Throughput(TargetKind target, string baseline) => (target, baseline) switch
    {
        (TargetKind.Hosted, "bare") => 0.7,
        (TargetKind.Client, "bare") => 0.6,
        (TargetKind.Client, "redis") => 4,
        (TargetKind.Http, "echo") => 0.6,
        _ => null,
    };

    /// <summary>The tracker's 99th percentile at half of the knee as a multiple of a baseline's.</summary>
    public static double? Tail(TargetKind target, string baseline) => (target, baseline) switch
    {
        (TargetKind.Hosted, "bare") => 2,
        (TargetKind.Client, "redis") => 1,
        _ => null,
    };

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
