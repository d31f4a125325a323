namespace AccountGrains.Silo.Door;

/// <summary>What the door has to say. Ids 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Debug, "An account did not answer; the last known verdict or the fallback went out")]
    public static partial void NoAnswer(ILogger logger, Exception exception);
}
