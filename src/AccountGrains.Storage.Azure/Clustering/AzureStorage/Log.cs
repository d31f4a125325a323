using Microsoft.Extensions.Logging;

namespace Orleans.Clustering.AzureStorage;

/// <summary>What the membership table has to say: events 1150 to 1199.</summary>
internal static partial class Log
{
    [LoggerMessage(1150, LogLevel.Information, "Cluster {ClusterId} finds its silos in the table {Table}.")]
    public static partial void Opened(ILogger logger, string clusterId, string table);

    [LoggerMessage(1151, LogLevel.Information, "Cluster {ClusterId} is new in its membership table.")]
    public static partial void Created(ILogger logger, string clusterId);

    [LoggerMessage(1152, LogLevel.Debug, "A change of cluster {ClusterId} came too late.")]
    public static partial void CameTooLate(ILogger logger, string clusterId, Exception exception);

    [LoggerMessage(1153, LogLevel.Warning, "The membership table of cluster {ClusterId} changed while its {Pages} pages were read, for the time {Read}.")]
    public static partial void Torn(ILogger logger, string clusterId, int pages, int read);

    [LoggerMessage(1154, LogLevel.Error, "The row {RowKey} of cluster {ClusterId} cannot be read and is passed over.")]
    public static partial void Unreadable(ILogger logger, string clusterId, string rowKey, Exception exception);
}
