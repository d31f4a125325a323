using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using Azure;
using Azure.Data.Tables;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>
/// The decisions in a table. Each group is one transaction that also moves the head on, and fails when somebody else moved it since it was read: sequence
/// numbers are handed out and their records are there in one step and one after the other, so that whoever has read up to a number never misses a lower one
/// that comes later. It is one partition, which the service serves some 2,000 rows a second: about 600 decisions.
/// </summary>
internal sealed class AzureDecisionLog(AzureStore store, DecisionPayloads payloads, TimeProvider clock) : IDecisionLog
{
    // Three rows for each decision, and the head: a transaction has at most 100.
    private const int Group = 32;
    private const int PageSize = 1000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private TableClient Table => store.Decisions;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
    {
        foreach (var group in batch.DistinctBy(d => (d.Account, d.Number)).Chunk(Group))
        {
            for (var first = true; !await TryAppendAsync(group, first, cancellationToken).ConfigureAwait(false); first = false)
            {
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken)
    {
        var found = new List<LoggedDecision>();
        await foreach (var row in Range(DecisionRows.OfSequence(afterSequence + 1), "s~", Math.Min(limit, PageSize)).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var sequence = DecisionRows.SequenceOf(row.RowKey);
            if (Read(sequence, row) is { } decision) found.Add(new LoggedDecision(sequence, decision));
            if (found.Count == limit) break;
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken)
    {
        var prefix = DecisionRows.OfAccount(account);
        var places = Range(prefix, prefix + "~", Math.Min(limit, PageSize)).Take(limit).Select(row => row.GetInt64(DecisionRows.Sequence)!.Value);
        var sequences = await places.ToListAsync(cancellationToken).ConfigureAwait(false);
        var rows = await Task.WhenAll(sequences.Select(s => FindAsync(DecisionRows.OfSequence(s), cancellationToken))).ConfigureAwait(false);
        return [.. rows.OfType<TableEntity>().Select(r => Read(DecisionRows.SequenceOf(r.RowKey), r)).OfType<Decision>()];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Decision> LoadLatestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = Channel.CreateBounded<Decision>(PageSize);
        var reading = ReadRangesAsync(read.Writer, cancellationToken);
        await foreach (var decision in read.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return decision;
        await reading.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<long> EndAsync(CancellationToken cancellationToken) =>
        (await FindAsync(DecisionRows.Head, cancellationToken).ConfigureAwait(false))?.GetInt64(DecisionRows.Sequence) ?? 0;

    private async Task ReadRangesAsync(ChannelWriter<Decision> writer, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, DecisionRows.LatestRanges), new ParallelOptions { MaxDegreeOfParallelism = DecisionRows.LatestRanges, CancellationToken = cancellationToken }, async (range, stop) =>
            {
                var prefix = DecisionRows.OfRange(range);
                await foreach (var row in Range(prefix, prefix + "~", PageSize).WithCancellation(stop).ConfigureAwait(false))
                {
                    if (Read(0, row) is { } decision) await writer.WriteAsync(decision, stop).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
            writer.Complete();
        }
        catch (Exception e)
        {
            // The reader gets it.
            writer.Complete(e);
        }
    }

    /// <summary>False when somebody else added decisions meanwhile; then nothing was added here, and the next try looks for each of them.</summary>
    private async Task<bool> TryAppendAsync(Decision[] group, bool first, CancellationToken cancellationToken)
    {
        // In this order: what is read after the head still holds if the head has not moved when the transaction comes.
        var head = await FindAsync(DecisionRows.Head, cancellationToken).ConfigureAwait(false);
        var latest = await LatestAsync(group, cancellationToken).ConfigureAwait(false);
        var isNew = await Task.WhenAll(group.Select(d => IsNewAsync(d, first ? latest[d.Account] : int.MaxValue, cancellationToken))).ConfigureAwait(false);
        var added = group.Where((_, i) => isNew[i]).ToArray();
        if (added.Length == 0) return true;

        var sequence = head?.GetInt64(DecisionRows.Sequence) ?? 0;
        List<TableTransactionAction> actions = [DecisionRows.HeadAt(store.Service, sequence + added.Length, head)];
        foreach (var decision in added) actions.AddRange(DecisionRows.Added(store.Service, decision, ++sequence));
        actions.AddRange(added.GroupBy(d => d.Account).Select(a => a.MaxBy(d => d.Number)!).Where(d => d.Number > latest[d.Account]).Select(d => DecisionRows.Last(store.Service, d)));
        try
        {
            await Table.SubmitTransactionAsync(actions, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>The number of each account's last decision, 0 where there is none.</summary>
    private async Task<Dictionary<AccountId, int>> LatestAsync(Decision[] group, CancellationToken cancellationToken)
    {
        var accounts = group.Select(d => d.Account).Distinct().ToArray();
        var rows = await Task.WhenAll(accounts.Select(a => FindAsync(DecisionRows.OfLatest(a), cancellationToken))).ConfigureAwait(false);
        return accounts.Select((a, i) => (a, rows[i]?.GetInt32(DecisionRows.Number) ?? 0)).ToDictionary();
    }

    private async Task<bool> IsNewAsync(Decision decision, int latest, CancellationToken cancellationToken) =>
        decision.Number > latest || await FindAsync(DecisionRows.OfNumber(decision.Account, decision.Number), cancellationToken).ConfigureAwait(false) is null;

    private async Task<TableEntity?> FindAsync(string rowKey, CancellationToken cancellationToken)
    {
        var found = await Table.GetEntityIfExistsAsync<TableEntity>(store.Service, rowKey, cancellationToken: cancellationToken).ConfigureAwait(false);
        return found.HasValue ? found.Value : null;
    }

    private AsyncPageable<TableEntity> Range(string from, string below, int perPage) => Table.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {store.Service} and RowKey ge {from} and RowKey lt {below}"), perPage);

    private Decision? Read(long sequence, TableEntity row) => payloads.Read(sequence, row.GetBinary(DecisionRows.Payload) ?? []);
}
