using AccountGrains.LoadTests.Runs;

namespace AccountGrains.LoadTests.Phases;

/// <summary>How many calls a second known accounts can be sent, beside each baseline; all in turn, so that a noisy neighbour meets all.</summary>
internal sealed class WarmPhase : IPhase
{
    public string Name => "warm";

    public string Question => "How many calls a second of known accounts, against each baseline?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        var throughput = run.Targets.ToDictionary(t => t.Name, _ => new List<double>());
        foreach (var target in run.Targets)
        {
            await Warmth.TouchAsync(run, target, cancellationToken).ConfigureAwait(false);
            await run.SaturateAsync(target, "first", cancellationToken).ConfigureAwait(false);
        }

        for (var i = 0; i < run.Options.Repeats; i++)
        {
            foreach (var target in run.Targets) throughput[target.Name].Add((await run.SaturateAsync(target, Name, cancellationToken).ConfigureAwait(false)).Achieved);
        }

        foreach (var baseline in run.Baselines) Compare(run, throughput[run.Tracker.Name], baseline.Name, throughput[baseline.Name]);
    }

    private static void Compare(LoadRun run, List<double> tracker, string name, List<double> baseline)
    {
        double[] ratios = [.. tracker.Zip(baseline, (t, b) => t / b).Order()];
        run.Find($"warm: throughput against {name}, median", Wanted.Median(ratios), Wanted.Throughput(run.Options.Target, name));
        if (ratios.Length > 1) run.Find($"warm: throughput against {name}, least", ratios[0]);
        if (ratios.Length > 1) run.Find($"warm: throughput against {name}, most", ratios[^1]);
    }
}
