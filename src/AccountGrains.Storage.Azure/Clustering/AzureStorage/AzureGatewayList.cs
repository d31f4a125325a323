using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Orleans.Clustering.AzureStorage;

/// <summary>Where clients find the cluster's gateways: the rows of its active silos.</summary>
internal sealed class AzureGatewayList(string clusterId, SiloTable table, IOptions<GatewayOptions> gateways, ILogger<AzureGatewayList> logger) : IGatewayListProvider
{
    /// <inheritdoc/>
    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    /// <inheritdoc/>
    [Obsolete("Orleans does not read it any more.")]
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(CancellationToken.None);

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways() => GetGatewaysAsync(CancellationToken.None);

    /// <inheritdoc/>
    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken) => table.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        const string Active = nameof(SiloStatus.Active);
        const string None = "0";
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {clusterId} and Status eq {Active} and ProxyPort ne {None}");
        var (rows, _) = await table.QueryAsync(filter, cancellationToken).ConfigureAwait(false);

        var found = new List<Uri>(rows.Count);
        foreach (var row in rows)
        {
            // Some stores give rows that have no such column too, as those are that carry the table's version.
            if (row.GetString(SiloRow.ProxyPort) is null or None || VersionRows.Contains(row.RowKey)) continue;
            try
            {
                found.Add(SiloRow.ReadGateway(row));
            }
            catch (FormatException e)
            {
                Log.Unreadable(logger, clusterId, row.RowKey, e);
            }
        }

        return found;
    }
}
