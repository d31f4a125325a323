using Microsoft.Extensions.Logging;

namespace Orleans.Storage;

/// <summary>What the Azure stores have to say: events 1100 to 1149.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "The grain storage {Name} keeps its states in the {Kind} {Place}.")]
    public static partial void Started(ILogger logger, string name, string kind, string place);
}
