using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Orleans.Persistence.AzureStorage;

namespace Orleans.Clustering.AzureStorage;

/// <summary>The rows of one cluster in the membership table.</summary>
internal sealed class SiloTable(string clusterId, AzureStorageOperationOptions options, StoreMetrics metrics, ILogger logger)
{
    private readonly StoreCalls _calls = new(options.TableName, options.StoragePolicyOptions, metrics);
    private TableClient? _table;

    private TableClient Table => _table ?? throw new InvalidOperationException($"The table {options.TableName} was not opened yet.");

    /// <summary>Opens the table, and makes it if it is not there.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var service = await options.CreateClient!().ConfigureAwait(false);
        var table = service.GetTableClient(options.TableName);
        await _calls.CreateAsync(table.CreateIfNotExistsAsync, cancellationToken).ConfigureAwait(false);
        _table = table;
        Log.Opened(logger, clusterId, options.TableName);
    }

    /// <summary>All rows of a cluster that a filter lets through, and in how many pages they came.</summary>
    public async Task<(List<TableEntity> Rows, int Pages)> QueryAsync(string filter, CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        var pages = 0;
        string? next = null;
        do
        {
            var page = await _calls.RunAsync("query", token => PageAsync(filter, next, token), cancellationToken).ConfigureAwait(false);
            rows.AddRange(page.Values);
            next = page.ContinuationToken;
            pages++;
        }
        while (next is not null);
        return (rows, pages);
    }

    /// <summary>Changes several rows or none; false when one was not as it was expected.</summary>
    public async Task<bool> TryChangeAsync(IReadOnlyList<TableTransactionAction> changes, CancellationToken cancellationToken)
    {
        try
        {
            await _calls.RunAsync("change", token => Table.SubmitTransactionAsync(changes, token), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412 or 501)
        {
            Log.CameTooLate(logger, clusterId, e);
            return false;
        }
    }

    /// <summary>Changes some columns of a row, whatever else it holds.</summary>
    public Task MergeAsync(TableEntity row, CancellationToken cancellationToken) =>
        _calls.RunAsync("merge", token => Table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, token), cancellationToken);

    /// <summary>Deletes rows of one cluster; those that are gone already count as deleted.</summary>
    public async Task DeleteAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var batch in rows.Chunk(options.StoragePolicyOptions.MaxBulkUpdateRows))
        {
            if (await TryChangeAsync([.. batch.Select(Delete)], cancellationToken).ConfigureAwait(false)) continue;

            // One of them is gone, and a transaction does all or nothing.
            foreach (var row in batch)
            {
                await _calls.RunAsync("delete", token => Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, token), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static TableTransactionAction Delete(TableEntity row) =>
        new(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), ETag.All);

    private async Task<Page<TableEntity>> PageAsync(string filter, string? next, CancellationToken cancellationToken)
    {
        await foreach (var page in Table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages(next).ConfigureAwait(false)) return page;
        return Page<TableEntity>.FromValues([], null, null!);
    }
}
