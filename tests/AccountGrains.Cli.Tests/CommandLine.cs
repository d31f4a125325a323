namespace AccountGrains.Cli.Tests;

/// <summary>Runs the real commands with a captured console.</summary>
internal static class CommandLine
{
    public static async Task<CommandResult> RunAsync(params string[] args) => await RunStoppableAsync(args, TestContext.Current.CancellationToken);

    public static async Task<CommandResult> RunStoppableAsync(string[] args, CancellationToken cancellationToken)
    {
        using StringWriter output = new(), error = new();
        var code = await Program.RunAsync(args, new Terminal(output, error, isInteractive: false), cancellationToken);
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a command ended with.</summary>
internal sealed record CommandResult(int Code, string Output, string Error);
