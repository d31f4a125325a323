using System.Runtime.CompilerServices;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using Npgsql;

namespace AccountGrains.Silo.Storage.Postgres;

/// <summary>
/// The decisions in a table. Whoever adds some holds a lock of the database from before their sequence numbers are handed out until they are committed:
/// they become visible in the order of their numbers, so that whoever has read up to a number never misses a lower one that is committed later.
/// </summary>
internal sealed class PostgresDecisionLog(PostgresStore store, DecisionPayloads payloads) : IDecisionLog
{
    private const int PageSize = 1000;
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('accountgrains_decisions/' || $1, 0))";
    private const string Insert = """
        INSERT INTO accountgrains_decisions(service_id, account, number, time, payload)
        SELECT $1, account, number, time, payload
        FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS added(account, number, time, payload, place)
        ORDER BY place
        ON CONFLICT (service_id, account, number) DO NOTHING
        """;
    private const string SelectAfter = "SELECT sequence, payload FROM accountgrains_decisions WHERE service_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
    private const string SelectAccount = "SELECT sequence, payload FROM accountgrains_decisions WHERE service_id = $1 AND account = $2 ORDER BY number DESC LIMIT $3";
    private const string SelectEnd = "SELECT coalesce(max(sequence), 0) FROM accountgrains_decisions WHERE service_id = $1";
    private const string SelectLatest = """
        SELECT DISTINCT ON (account) sequence, payload, account FROM accountgrains_decisions
        WHERE service_id = $1 AND account > $2 ORDER BY account, number DESC LIMIT $3
        """;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0) return;
        await using var connection = await store.First.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

        // One batch is one transaction, and the second command sees what was committed before it got the lock.
        await using var commands = new NpgsqlBatch(connection);
        commands.BatchCommands.Add(Command(Lock, store.Service));
        commands.BatchCommands.Add(Command(
            Insert, store.Service, batch.Select(d => d.Account.ToString()).ToArray(), batch.Select(d => d.Number).ToArray(), batch.Select(d => d.Time).ToArray(),
            batch.Select(DecisionCodec.Write).ToArray()));
        await commands.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken)
    {
        var found = new List<LoggedDecision>();
        while (found.Count < limit)
        {
            var wanted = limit - found.Count;
            var rows = await QueryAsync(SelectAfter, cancellationToken, store.Service, afterSequence, wanted).ConfigureAwait(false);
            foreach (var row in rows)
            {
                afterSequence = row.Sequence;
                if (row.Decision is { } decision) found.Add(new LoggedDecision(row.Sequence, decision));
            }

            if (rows.Count < wanted) break;
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(SelectAccount, cancellationToken, store.Service, account.ToString(), limit).ConfigureAwait(false);
        return [.. rows.Select(r => r.Decision).OfType<Decision>()];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Decision> LoadLatestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var rows = await QueryAsync(SelectLatest, cancellationToken, store.Service, after, PageSize).ConfigureAwait(false);
            if (rows.Count == 0) yield break;
            after = rows[^1].Account!;
            foreach (var row in rows)
            {
                if (row.Decision is { } decision) yield return decision;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> EndAsync(CancellationToken cancellationToken)
    {
        await using var command = store.First.CreateCommand(SelectEnd);
        command.Parameters.Add(new() { Value = store.Service });
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private async Task<List<(long Sequence, Decision? Decision, string? Account)>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = store.First.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<(long, Decision?, string?)>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var sequence = reader.GetInt64(0);
            rows.Add((sequence, payloads.Read(sequence, reader.GetFieldValue<byte[]>(1)), reader.FieldCount > 2 ? reader.GetString(2) : null));
        }

        return rows;
    }
}
