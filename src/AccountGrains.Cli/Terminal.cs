using Spectre.Console;

namespace AccountGrains.Cli;

/// <summary>Where a command writes: tables and JSON to the output, complaints to the error output.</summary>
internal sealed class Terminal
{
    // Wide enough that a redirected table breaks no id.
    private const int RedirectedWidth = 200;

    public Terminal(TextWriter output, TextWriter error, bool isInteractive)
    {
        Output = output;
        Error = error;
        IsInteractive = isInteractive;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive) Console.Profile.Width = RedirectedWidth;
    }

    /// <summary>The output as text.</summary>
    public TextWriter Output { get; }

    /// <summary>The error output as text.</summary>
    public TextWriter Error { get; }

    /// <summary>The output for tables. What is shown there goes through <see cref="SafeText"/>.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>True when a person looks at the output while it is written.</summary>
    public bool IsInteractive { get; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected);

    /// <summary>Says what is wrong and what to do about it.</summary>
    public void Complain(string message) => Error.WriteLine(SafeText.Clean(message));
}
