namespace AccountGrains.Silo.Door;

/// <summary>What the door has to say. Ids 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Debug, "An account did not answer; the last known verdict or the fallback went out")]
    public static partial void NoAnswer(ILogger logger, Exception exception);

    [LoggerMessage(1401, LogLevel.Warning, "Work comes faster than it is done: what came last waited {Milliseconds:n0} ms for a thread. Until that is over, single observations are answered with the last known verdict or the fallback and do not count for their accounts; accountgrains.observations.refused says how many. More cores or silos take more. Said once a minute at most")]
    public static partial void Overload(ILogger logger, double milliseconds);
}
