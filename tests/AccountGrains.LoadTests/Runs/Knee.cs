using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Runs;

/// <summary>Finds the highest rate at which a target still meets the objective.</summary>
internal static class Knee
{
    private const double Step = 1.3;
    private const double Close = 1.08;
    private const double Kept = 0.97;

    // Looking for the knee is not what a long measurement is for.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    /// <summary>Raises the rate from a third of what saturates the target until the objective fails, and then halves the gap until it is small.</summary>
    public static async Task<double> FindAsync(LoadRun run, ITarget target, double saturated, CancellationToken cancellationToken)
    {
        var good = 0.0;
        var bad = double.PositiveInfinity;
        var rate = saturated / 3;
        var look = run.Options.Slice < LongestLook ? run.Options.Slice : LongestLook;
        while (bad / Math.Max(good, 1) > Close && rate >= 50)
        {
            var measured = await run.OfferAsync(target, "knee", rate, look, cancellationToken).ConfigureAwait(false);
            if (Meets(run, measured)) good = rate;
            else bad = rate;
            rate = double.IsInfinity(bad) ? rate * Step : good == 0 ? bad / 2 : Math.Sqrt(good * bad);
        }

        return good;
    }

    /// <summary>The share of calls that the account itself answered.</summary>
    public static double LiveShare(Measured measured) =>
        (measured.Answers.GetValueOrDefault("live") + measured.Answers.GetValueOrDefault("duplicate")) / (double)Math.Max(1, measured.Answers.Values.Sum());

    private static bool Meets(LoadRun run, Measured measured) =>
        measured.Latency.P99 <= run.Options.Objective.TotalMicroseconds && measured.Achieved >= Kept * measured.Offered && LiveShare(measured) >= Kept && !measured.Answers.ContainsKey("failed") && !measured.Answers.ContainsKey("timedOut");
}
