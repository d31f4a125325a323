namespace AccountGrains.Silo.Storage;

/// <summary>What the storage has to say: events 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "The store {File} is open, schema {Schema}, full sync {FullSync}.")]
    public static partial void StoreOpened(ILogger logger, string file, long schema, bool fullSync);

    [LoggerMessage(1001, LogLevel.Information, "The store {File} is closed.")]
    public static partial void StoreClosed(ILogger logger, string file);

    [LoggerMessage(1002, LogLevel.Error, "A group of {Writes} writes failed, {Failures} groups in a row; the next one is tried in {Delay}.")]
    public static partial void GroupFailed(ILogger logger, int writes, int failures, TimeSpan delay, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "The state {StateName} of {GrainType} {GrainKey} cannot be read; its record was moved to quarantine.")]
    public static partial void StateQuarantined(ILogger logger, string stateName, string grainType, string grainKey, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "The decision with sequence number {Sequence} cannot be read and is passed over.")]
    public static partial void DecisionUnreadable(ILogger logger, long sequence, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The store {File} could not be checkpointed at the end; the next start does it.")]
    public static partial void CheckpointFailed(ILogger logger, string file, Exception exception);

    [LoggerMessage(1008, LogLevel.Warning, "Redis {Server} keeps nothing on disk: what it acknowledges ends with it. Switch its append-only file on.")]
    public static partial void RedisKeepsNothing(ILogger logger, string server);

    [LoggerMessage(1006, LogLevel.Information, "{Records} records were forgotten that were not stored again for {Retention}.")]
    public static partial void Forgotten(ILogger logger, long records, TimeSpan retention);

    [LoggerMessage(1007, LogLevel.Warning, "What was kept for long enough could not be forgotten; it is tried again in twelve hours.")]
    public static partial void NotForgotten(ILogger logger, Exception exception);

    [LoggerMessage(1016, LogLevel.Warning, "Another activation stored the state of {Grain}: what this one did not store is dropped, and it goes")]
    public static partial void Superseded(ILogger logger, Exception? exception, GrainId grain);

    [LoggerMessage(1011, LogLevel.Error, "The store does not answer. Accounts in memory go on, others get the fallback; what changes is stored when it is back.")]
    public static partial void StoreDown(ILogger logger);

    [LoggerMessage(1012, LogLevel.Information, "The store answers again.")]
    public static partial void StoreUp(ILogger logger);

    [LoggerMessage(1013, LogLevel.Debug, "The state of {Grain} could not be read; its history is unknown until it can be")]
    public static partial void HistoryUnknown(ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(1015, LogLevel.Debug, "The state of {Grain} could not be stored before it moved; it is stored on the other silo")]
    public static partial void Moved(ILogger logger, Exception exception, GrainId grain);
}
