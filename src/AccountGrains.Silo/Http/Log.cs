namespace AccountGrains.Silo.Http;

/// <summary>What the HTTP surface has to say. Ids 1500 to 1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Debug, "{Method} {Route} answered {Status}")]
    public static partial void Answered(ILogger logger, string method, string route, int status);

    [LoggerMessage(1501, LogLevel.Error, "{Method} {Route} failed with {Status}")]
    public static partial void Failed(ILogger logger, string method, string route, int status, Exception exception);
}
