using System.CommandLine;
using System.CommandLine.Invocation;

namespace AccountGrains.Cli;

/// <summary>Parses and runs a command line; what a command throws becomes a message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>How long a command may take to stop after Ctrl-C.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(RootCommand root, string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var parsed = root.Parse(args);
        var invocation = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, ProcessTerminationTimeout = StopTimeout };
        var code = await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        return parsed.Action is ParseErrorAction ? ExitCode.WrongUse : code;
    }

    /// <summary>Gives a command its work.</summary>
    public static void Runs(this Command command, Terminal terminal, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction((parsed, cancellationToken) => GuardAsync(terminal, () => work(parsed, cancellationToken), cancellationToken));

    private static async Task<int> GuardAsync(Terminal terminal, Func<Task<int>> work, CancellationToken cancellationToken)
    {
        // Ctrl-C is heard only once this has returned a task.
        await Task.Yield();
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (CommandException failure)
        {
            terminal.Complain(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Complain("Stopped before the end.");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            terminal.Complain(failure.Message);
            return ExitCode.Failed;
        }
    }
}
