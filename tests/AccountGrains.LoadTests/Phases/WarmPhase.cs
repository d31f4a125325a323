using AccountGrains.LoadTests.Commands;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Runs;

namespace AccountGrains.LoadTests.Phases;

/// <summary>How many calls a second known accounts can be sent, beside each baseline; all in turn, so that a noisy neighbour meets all.</summary>
internal sealed class WarmPhase : IPhase
{
    public string Name => "warm";

    public string Question => "How many calls a second of known accounts, against each baseline?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        var measured = run.Targets.ToDictionary(t => t.Name, _ => new List<Measured>());
        foreach (var target in run.Targets)
        {
            await Warmth.TouchAsync(run, target, cancellationToken).ConfigureAwait(false);
            await run.SaturateAsync(target, "first", cancellationToken).ConfigureAwait(false);
        }

        for (var i = 0; i < run.Options.Repeats; i++)
        {
            foreach (var target in run.Targets) measured[target.Name].Add(await run.SaturateAsync(target, Name, cancellationToken).ConfigureAwait(false));
        }

        foreach (var baseline in run.Baselines.Where(b => run.Options.Target == TargetKind.Cluster && b.Name == "bare")) CompareMessages(run, measured[run.Tracker.Name], measured[baseline.Name]);
        foreach (var baseline in run.Baselines) Compare(run, measured[run.Tracker.Name], baseline.Name, measured[baseline.Name]);
    }

    private static void Compare(LoadRun run, List<Measured> tracker, string name, List<Measured> baseline)
    {
        double[] ratios = [.. tracker.Zip(baseline, (t, b) => t.Achieved / b.Achieved).Order()];
        run.Find($"warm: throughput against {name}, median", Wanted.Median(ratios), Wanted.Throughput(run.Options.Target, name));
        if (ratios.Length > 1) run.Find($"warm: throughput against {name}, least", ratios[0]);
        if (ratios.Length > 1) run.Find($"warm: throughput against {name}, most", ratios[^1]);
        run.Find($"warm: calls for the CPU time of one to {name}, median", Wanted.Median(tracker.Zip(baseline, (t, b) => CpuOf(b, m => m.CpuMicroseconds) / CpuOf(t, m => m.CpuMicroseconds))));
        run.Find($"warm: the same with what is done behind them, median", Wanted.Median(tracker.Zip(baseline, (t, b) => CpuOf(b, m => m.CpuMicroseconds) / CpuOf(t, m => m.CpuMicrosecondsInAll))));
    }

    /// <summary>A call that comes in elsewhere makes messages itself, a bare one as many; what is beyond those is the tracker's.</summary>
    private static void CompareMessages(LoadRun run, List<Measured> tracker, List<Measured> baseline)
    {
        run.Find("warm: messages between silos for a bare call, median", Wanted.Median(baseline.Select(MessagesOf)));
        run.Find("warm: messages between silos for an observation beyond those, median", Wanted.Median(tracker.Zip(baseline, (t, b) => MessagesOf(t) - MessagesOf(b))), Wanted.Messages, atLeast: false);
    }

    private static double MessagesOf(Measured measured) => measured.PerObservation.GetValueOrDefault(SiloCounters.BetweenSilos);

    // CPU time hardly changes with what else runs on the machine; throughput does.
    private static double CpuOf(Measured measured, Func<ProcessUsage, double> cpu) => measured.Processes.Sum(cpu);
}
