using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Phases;
using AccountGrains.LoadTests.Reports;
using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Traffic;
using Spectre.Console;

namespace AccountGrains.LoadTests.Commands;

/// <summary>Runs the phases of one target and reports.</summary>
internal static class LoadCommand
{
    /// <summary>Runs; false when a figure is not what it should be.</summary>
    public static async Task<LoadReport> RunAsync(LoadOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var phases = options.Phases.Select(name => PhaseList.All.First(p => p.Name == name)).ToList();
        var stage = await Stage.SetAsync(options, cancellationToken).ConfigureAwait(false);
        await using (stage.ConfigureAwait(false))
        {
            var run = new LoadRun
            {
                Options = options,
                Tracker = stage.Tracker,
                Door = stage.Door,
                Reports = stage.Reports,
                Baselines = stage.Baselines,
                Bench = new Bench(stage.Processes),
                Traffic = new GeneratedTraffic(options.Traffic, TimeProvider.System),
                Console = console,
            };
            run.NotMeasured.Add("a network: all processes share this machine and its cores");
            foreach (var phase in phases)
            {
                console.WriteLine($"{phase.Name}: {phase.Question}");
                await phase.RunAsync(run, cancellationToken).ConfigureAwait(false);
            }

            return new LoadReport(Machine.Here(), options, run.Findings, run.Measurements, run.NotMeasured);
        }
    }
}
