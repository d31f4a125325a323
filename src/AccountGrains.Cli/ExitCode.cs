namespace AccountGrains.Cli;

/// <summary>What a command ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It failed, or was stopped.</summary>
    public const int Failed = 1;

    /// <summary>It was called wrongly.</summary>
    public const int WrongUse = 2;

    /// <summary>Done, but some lines were rejected.</summary>
    public const int SomeRejected = 3;
}
