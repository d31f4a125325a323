namespace AccountGrains.Silo.Door;

/// <summary>What the door has to say. Ids 1800 to 1899.</summary>
internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Debug, "An account did not answer; the last known verdict or the fallback went out")]
    public static partial void NoAnswer(ILogger logger, Exception exception);

    [LoggerMessage(1801, LogLevel.Warning, "What comes in waits too long for a thread, {Milliseconds:n0} ms at last: most single requests and completions are answered with the last known verdict or the fallback, and not counted, until that is over. More cores or silos take more; accountgrains.observations.refused says how many were not passed on")]
    public static partial void WaitsTooLong(ILogger logger, double milliseconds);

    [LoggerMessage(1802, LogLevel.Information, "For a minute nothing has waited too long for a thread: all observations are passed on to their accounts")]
    public static partial void WaitsOver(ILogger logger);
}
