using Azure;
using Azure.Data.Tables;
using Orleans.Configuration;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>States in tables. The rows of one grain are a partition, and go together when the last of them is due.</summary>
internal sealed class AzureTableStates(AzureStore store) : IAzureStates
{
    private static readonly string[] Columns = ["PartitionKey", "RowKey", "Timestamp"];

    /// <inheritdoc/>
    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        for (var shard = 0; shard < store.Accounts.Count; shard++)
        {
            var table = store.Accounts.Tables(shard).GetTableClient(new AzureTableStorageOptions().TableName);
            foreach (var type in Forgetting.Types) forgotten += await ForgetAsync(table, type, before, cancellationToken).ConfigureAwait(false);
        }

        return forgotten;
    }

    private async Task<long> ForgetAsync(TableClient table, string type, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        List<TableEntity> grain = [];
        await foreach (var row in table.QueryAsync<TableEntity>(FilterOf(type, before), select: Columns, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (grain.Count > 0 && grain[0].PartitionKey != row.PartitionKey) await ForgetGrainAsync().ConfigureAwait(false);
            grain.Add(row);
        }

        await ForgetGrainAsync().ConfigureAwait(false);
        return forgotten;

        async ValueTask ForgetGrainAsync()
        {
            if (grain.TrueForAll(r => r.Timestamp < before))
            {
                foreach (var row in grain) forgotten += await DeleteAsync(table, row, cancellationToken).ConfigureAwait(false);
            }

            grain.Clear();
        }
    }

    /// <summary>The rows of the type's grains: those that are due, or, where a grain has several, all.</summary>
    private string FilterOf(string type, DateTimeOffset before)
    {
        // What follows the underscore in the order of characters is the accent.
        var (from, below) = ($"{store.Service}_{type}_", $"{store.Service}_{type}`");
        return type == "campaign"
            ? TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {below}")
            : TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {below} and Timestamp lt {before}");
    }

    private static async Task<int> DeleteAsync(TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken).ConfigureAwait(false);
            return answer.Status == StatusCodes.Status404NotFound ? 0 : 1;
        }
        catch (RequestFailedException e) when (e.Status == StatusCodes.Status412PreconditionFailed)
        {
            return 0;
        }
    }
}
