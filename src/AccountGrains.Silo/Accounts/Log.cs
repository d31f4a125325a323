namespace AccountGrains.Silo.Accounts;

/// <summary>What accounts have to say. Ids 1700 to 1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Warning, "The decisions of a silo that was lost cannot be read; accounts that are loaded go without their history until they can be")]
    public static partial void Postponed(ILogger logger, Exception exception);
}
