using System.CommandLine;
using AccountGrains.LoadTests.Commands;
using AccountGrains.LoadTests.Memory;
using AccountGrains.LoadTests.Reports;
using AccountGrains.LoadTests.Serving;
using Spectre.Console;

namespace AccountGrains.LoadTests;

/// <summary>Puts the tracker under load and compares it with baselines in the same run.</summary>
internal static class Program
{
    private const int RedirectedWidth = 220;

    public static async Task<int> Main(string[] args)
    {
        // Children of a run; their arguments are the server's and not this program's.
        if (args is ["serve", .. var silo]) return await ServeCommand.RunAsync(silo).ConfigureAwait(false);
        if (args is ["echo", .. var echo]) return await EchoCommand.RunAsync(echo).ConfigureAwait(false);
        var root = new RootCommand("Puts the tracker under load and compares it with baselines in the same run. Only ratios of one run count: nothing else should run meanwhile.")
        {
            new LoadCommandLine(TargetKind.Hosted).Create("A silo in this process.", LoadAsync),
            new LoadCommandLine(TargetKind.Client).Create("An Orleans client in this process, a silo in another.", LoadAsync),
            new LoadCommandLine(TargetKind.Http).Create("Single observations over HTTP on keep-alive connections.", LoadAsync),
            new LoadCommandLine(TargetKind.Cluster).Create("An Orleans client in this process, several silos in others.", LoadAsync),
            MemoryCommand.Create(MemoryAsync),
        };
        var quick = new Option<bool>("--quick") { Description = "Everything once and small, in less than a minute: exit code 1 when a call is not answered or a count is too high." };
        root.Options.Add(quick);
        root.SetAction((parsed, cancellationToken) => parsed.GetValue(quick)
            ? GuardAsync(console => QuickAsync(console, cancellationToken))
            : root.Parse("--help").InvokeAsync(cancellationToken: cancellationToken));
        return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
    }

    private static Task<int> LoadAsync(LoadOptions options, CancellationToken cancellationToken) => GuardAsync(async console =>
    {
        var report = await LoadCommand.RunAsync(options, console, cancellationToken).ConfigureAwait(false);
        ReportTables.Write(console, report);
        if (options.Output is { } path) await report.WriteAsync(path, cancellationToken).ConfigureAwait(false);
        return 0;
    });

    private static Task<int> MemoryAsync(MemoryOptions options, CancellationToken cancellationToken) => GuardAsync(async console =>
    {
        var findings = await new MemoryRun(options, console).RunAsync(cancellationToken).ConfigureAwait(false);
        var report = new LoadReport(Machine.Here(), null, findings, [], []);
        ReportTables.Write(console, report);
        if (options.Output is { } path) await report.WriteAsync(path, cancellationToken).ConfigureAwait(false);
        return 0;
    });

    private static async Task<int> QuickAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        var wrong = await QuickRun.RunAsync(console, cancellationToken).ConfigureAwait(false);
        foreach (var what in wrong) await System.Console.Error.WriteLineAsync(what).ConfigureAwait(false);
        return wrong.Count == 0 ? 0 : 1;
    }

    private static async Task<int> GuardAsync(Func<IAnsiConsole, Task<int>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (System.Console.IsOutputRedirected) console.Profile.Width = RedirectedWidth;
        try
        {
            return await work(console).ConfigureAwait(false);
        }
        catch (LoadException failure)
        {
            await System.Console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
