namespace AccountGrains.Silo;

/// <summary>What any grain can have to say. Ids 1100 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Error, "The stored {Kind} {Grain} cannot be read; it starts anew, and what was stored is kept beside it")]
    public static partial void Unreadable(ILogger logger, Exception exception, string kind, GrainId grain);
}
