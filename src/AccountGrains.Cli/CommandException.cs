namespace AccountGrains.Cli;

/// <summary>Ends a command with a message for the person who called it, which says what to do.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCode.Failed, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
