using System.Runtime.CompilerServices;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;

namespace AccountGrains.Silo.Storage;

/// <summary>The decisions in the embedded store; they share its transactions with the states.</summary>
internal sealed class SqliteDecisionLog(SqliteStore store, TimeProvider clock, DecisionPayloads payloads) : IDecisionLog
{
    private const int PageSize = 1000;
    private const string Insert = "INSERT INTO decisions(account, number, time, day, payload) VALUES($1, $2, $3, $4, $5) ON CONFLICT(account, number) DO NOTHING";
    private const string SelectAfter = "SELECT seq, payload FROM decisions WHERE seq > $1 ORDER BY seq";
    private const string SelectEnd = "SELECT COALESCE(MAX(seq), 0) FROM decisions";
    private const string SelectAccount = "SELECT seq, payload FROM decisions WHERE account = $1 ORDER BY number DESC";
    private const string SelectLatest = """
        SELECT d.seq, d.payload, d.account
        FROM (SELECT account, MAX(number) AS number FROM decisions WHERE account > $1 GROUP BY account ORDER BY account LIMIT $2) AS l
        JOIN decisions AS d ON d.account = l.account AND d.number = l.number
        ORDER BY d.account
        """;

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0) return;
        var rows = new Row[batch.Count];
        var day = clock.Today();
        for (var i = 0; i < rows.Length; i++) rows[i] = new Row(batch[i].Account.ToString(), batch[i].Number, batch[i].Time, day, DecisionCodec.Write(batch[i]));
        await store.WriteAsync(Append, rows, rows.Length, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            (session, after) => Select(session, SelectAfter, after, limit), afterSequence, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(
            (session, key) => Select(session, SelectAccount, key, limit), account.ToString(), cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(logged => logged.Decision);
    }

    /// <inheritdoc/>
    public async ValueTask<long> EndAsync(CancellationToken cancellationToken) => await store.ReadAsync((session, _) =>
    {
        using var reader = session.Query(SelectEnd);
        return reader.Read() ? reader.GetInt64(0) : 0;
    }, 0, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Decision> LoadLatestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In pages, because one long read would keep the write-ahead log from being moved into the file.
        for (string? after = ""; after is not null;)
        {
            (var page, after) = await store.ReadAsync(Page, after, cancellationToken).ConfigureAwait(false);
            foreach (var decision in page) yield return decision;
        }
    }

    private static bool Append(SqliteSession session, Row[] rows)
    {
        foreach (var row in rows) session.Execute(Insert, row.Account, row.Number, row.Time, row.Day, row.Payload);
        return true;
    }

    private List<LoggedDecision> Select(SqliteSession session, string sql, object key, int limit)
    {
        var found = new List<LoggedDecision>();
        using var reader = session.Query(sql, key);
        while (found.Count < limit && reader.Read())
        {
            var sequence = reader.GetInt64(0);
            if (payloads.Read(sequence, reader.GetFieldValue<byte[]>(1)) is { } decision) found.Add(new LoggedDecision(sequence, decision));
        }

        return found;
    }

    private (List<Decision> Decisions, string? Last) Page(SqliteSession session, string after)
    {
        var decisions = new List<Decision>();
        string? last = null;
        using var reader = session.Query(SelectLatest, after, PageSize);
        while (reader.Read())
        {
            last = reader.GetString(2);
            if (payloads.Read(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) is { } decision) decisions.Add(decision);
        }

        return (decisions, last);
    }

    private readonly record struct Row(string Account, int Number, long Time, int Day, byte[] Payload);
}
