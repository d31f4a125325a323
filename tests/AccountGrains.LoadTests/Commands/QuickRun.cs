using AccountGrains.LoadTests.Reports;
using AccountGrains.LoadTests.Traffic;
using Spectre.Console;

namespace AccountGrains.LoadTests.Commands;

/// <summary>Everything once, small enough for every change: that it runs, that all are answered, and that nothing but new fingerprints makes messages. Says nothing of speed.</summary>
internal static class QuickRun
{
    private const double MostMessages = 4;

    private static readonly TargetKind[] Targets = [TargetKind.Hosted, TargetKind.Client, TargetKind.Http];

    /// <summary>Runs each target; gives what is wrong.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        foreach (var target in Targets)
        {
            var report = await LoadCommand.RunAsync(OptionsOf(target), console, cancellationToken).ConfigureAwait(false);
            ReportTables.Write(console, report);
            wrong.AddRange(Wrong(target, report));
        }

        return wrong;
    }

    private static LoadOptions OptionsOf(TargetKind target) => new()
    {
        Target = target,
        Traffic = new TrafficOptions { Accounts = 1_000 },
        Phases = target == TargetKind.Hosted ? ["warm", "cold"] : ["warm"],
        Baselines = target == TargetKind.Http ? ["echo"] : ["bare"],
        Repeats = 1,
        Slice = TimeSpan.FromSeconds(1),
        Shots = 5_000,
        InFlight = 32,
        Settings = [new("Storage:Provider", "Memory"), new("Flush:Interval", "00:00:01"), new("Deadline", "00:00:10")],
    };

    private static IEnumerable<string> Wrong(TargetKind target, LoadReport report)
    {
        foreach (var m in report.Measurements)
        {
            if (m.Answers.Keys.Any(k => k != "live")) yield return $"{target}, {m.Phase}, {m.Target}: not all calls were answered live: {string.Join(", ", m.Answers)}";
            if (m.Target != "accountgrains") continue;
            if (m.PerObservation.GetValueOrDefault("accountgrains.reports.dropped") > 0) yield return $"{target}, {m.Phase}: reports were dropped";
            var messages = m.PerObservation.Where(c => c.Key.StartsWith("accountgrains.messages", StringComparison.Ordinal)).Sum(c => c.Value);
            if (messages > MostMessages) yield return $"{target}, {m.Phase}: {messages} correlation messages an observation";
        }
    }
}
