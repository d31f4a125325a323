using AccountGrains.Core.Decisions;
using Azure;
using Azure.Data.Tables;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>Forgets what is in Azure Storage, whose service says when a record was stored. A record that somebody stores meanwhile stays.</summary>
internal sealed class AzureRetention(AzureStore store, IAzureStates states, KnownAccounts known, DecisionPayloads payloads) : IRetention
{
    private const int PageSize = 1000;

    /// <inheritdoc/>
    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        // States first: with an account goes what keeps its last decision.
        var forgotten = await states.ForgetAsync(before, cancellationToken).ConfigureAwait(false);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {store.Service} and RowKey ge {DecisionRows.OfSequence(0)} and RowKey lt {"s~"}");
        await foreach (var row in store.Decisions.QueryAsync<TableEntity>(filter, PageSize, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            // They are in the order in which they were stored.
            if (row.Timestamp >= before) break;
            if (await ForgetAsync(row, cancellationToken).ConfigureAwait(false)) forgotten++;
        }

        return forgotten;
    }

    private async ValueTask<bool> ForgetAsync(TableEntity row, CancellationToken cancellationToken)
    {
        List<string> keys = [row.RowKey];
        if (payloads.Read(DecisionRows.SequenceOf(row.RowKey), row.GetBinary(DecisionRows.Payload) ?? []) is { } decision)
        {
            var isLast = await IsLastAsync(decision, cancellationToken).ConfigureAwait(false);
            if (isLast && await known.ContainsAsync(decision.Account, cancellationToken).ConfigureAwait(false)) return false;
            keys.Add(DecisionRows.OfNumber(decision.Account, decision.Number));
            if (isLast) keys.Add(DecisionRows.OfLatest(decision.Account));
        }

        try
        {
            await store.Decisions.SubmitTransactionAsync(
                keys.Select(k => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(store.Service, k))), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == StatusCodes.Status404NotFound)
        {
            // Another silo was here first.
            return false;
        }
    }

    private async ValueTask<bool> IsLastAsync(Decision decision, CancellationToken cancellationToken)
    {
        var last = await store.Decisions.GetEntityIfExistsAsync<TableEntity>(store.Service, DecisionRows.OfLatest(decision.Account), cancellationToken: cancellationToken).ConfigureAwait(false);
        return last.HasValue && last.Value!.GetInt32(DecisionRows.Number) <= decision.Number;
    }
}

/// <summary>The states in Azure Storage, for retention.</summary>
internal interface IAzureStates
{
    /// <summary>Deletes states of accounts, fingerprints and campaigns that were last stored before a time, and says how many.</summary>
    ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
