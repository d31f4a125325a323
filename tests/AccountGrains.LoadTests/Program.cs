using System.CommandLine;
using AccountGrains.LoadTests.Commands;
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
            new LoadCommandLine(TargetKind.Hosted).Create("A silo in this process.", RunAsync),
            new LoadCommandLine(TargetKind.Client).Create("An Orleans client in this process, a silo in another.", RunAsync),
            new LoadCommandLine(TargetKind.Http).Create("Single observations over HTTP on keep-alive connections.", RunAsync),
            new LoadCommandLine(TargetKind.Cluster).Create("An Orleans client in this process, several silos in others.", RunAsync),
        };
        return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (System.Console.IsOutputRedirected) console.Profile.Width = RedirectedWidth;
        try
        {
            var report = await LoadCommand.RunAsync(options, console, cancellationToken).ConfigureAwait(false);
            ReportTables.Write(console, report);
            if (options.Output is { } path) await report.WriteAsync(path, cancellationToken).ConfigureAwait(false);
            return 0;
        }
        catch (LoadException failure)
        {
            await System.Console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
