using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Phases;

/// <summary>Where the knee is, and what latency is like at half of it, beside each baseline at the same rate.</summary>
internal sealed class KneePhase : IPhase
{
    public string Name => "knee";

    public string Question => "Up to which rate does latency meet the objective, and how is it at half of that?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        foreach (var target in run.Targets) await Warmth.TouchAsync(run, target, cancellationToken).ConfigureAwait(false);
        var knee = await OfAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        if (IsMissing(run, Name, knee)) return;
        run.Find("knee: rate", knee);
        var tails = run.Targets.ToDictionary(t => t.Name, _ => new List<double>());
        for (var i = 0; i < run.Options.Repeats; i++)
        {
            foreach (var target in run.Targets) tails[target.Name].Add((await run.OfferAsync(target, "half the knee", knee / 2, cancellationToken).ConfigureAwait(false)).Latency.P99);
        }

        foreach (var baseline in run.Baselines)
        {
            var ratio = Wanted.Median(tails[run.Tracker.Name].Zip(tails[baseline.Name], (t, b) => t / b));
            run.Find($"knee: p99 at half the knee against {baseline.Name}, median", ratio, Wanted.Tail(run.Options.Target, baseline.Name), atLeast: false);
        }
    }

    /// <summary>True when no rate met the objective, as on a machine that is busy with something else: then a phase that starts from the knee says nothing.</summary>
    public static bool IsMissing(LoadRun run, string phase, double rate)
    {
        if (rate > 0) return false;
        run.NotMeasured.Add($"{phase}: no rate met the objective, which something else on this machine explains");
        return true;
    }

    /// <summary>At which rate a phase calls a target that is to be far from its knee: half of it, unless the run names one; 0 when no rate met the objective.</summary>
    public static async Task<double> RateAsync(LoadRun run, ITarget target, CancellationToken cancellationToken) =>
        run.Options.Rate ?? (await OfAsync(run, target, cancellationToken).ConfigureAwait(false) / 2);

    /// <summary>A target's knee, 0 when no rate met the objective.</summary>
    private static async Task<double> OfAsync(LoadRun run, ITarget target, CancellationToken cancellationToken)
    {
        var saturated = await run.SaturateAsync(target, "first", cancellationToken).ConfigureAwait(false);
        return await Knee.FindAsync(run, target, saturated.Achieved, cancellationToken).ConfigureAwait(false);
    }
}
