using AccountGrains.Core;
using Npgsql;

namespace AccountGrains.Silo.Storage.Postgres;

/// <summary>
/// Forgets what is in PostgreSQL. The records of one grain go together, when the last of them is due; Orleans' provider knows a record by the name of its
/// state, which is that of the grain's type, or of a page of a campaign's members, and of what was kept aside of them.
/// </summary>
internal sealed class PostgresRetention(PostgresStore store, KnownAccounts known) : IRetention
{
    private const string States = """
        DELETE FROM OrleansStorage WHERE ctid IN (
            SELECT ctid FROM OrleansStorage AS s WHERE ServiceId = $1 AND ModifiedOn < $2 AND (regexp_replace(GrainTypeString, '-unreadable$', '') = ANY($3) OR GrainTypeString LIKE 'members-%')
            AND NOT EXISTS (
                SELECT 1 FROM OrleansStorage AS other
                WHERE other.ServiceId = s.ServiceId AND other.GrainIdHash = s.GrainIdHash AND other.GrainIdExtensionString = s.GrainIdExtensionString
                AND other.ModifiedOn >= $2)
            LIMIT $4)
        """;
    private const string Decisions = """
        DELETE FROM accountgrains_decisions WHERE ctid IN (
            SELECT ctid FROM accountgrains_decisions AS d WHERE service_id = $1 AND stored_on < $2
            AND number < (SELECT MAX(number) FROM accountgrains_decisions WHERE service_id = d.service_id AND account = d.account)
            LIMIT $3)
        """;
    private const string LastDecisions = """
        SELECT account, number FROM accountgrains_decisions AS d WHERE service_id = $1 AND stored_on < $2 AND account > $3
        AND NOT EXISTS (SELECT 1 FROM accountgrains_decisions WHERE service_id = d.service_id AND account = d.account AND number > d.number)
        ORDER BY account LIMIT $4
        """;
    private const string LastDecision = "DELETE FROM accountgrains_decisions WHERE service_id = $1 AND account = $2 AND number = $3";

    /// <inheritdoc/>
    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        // States first: with an account goes what keeps its last decision.
        var day = before.UtcDateTime.Date;
        var forgotten = await Forgetting.InPortionsAsync(portion => ForgetAsync(day, portion, cancellationToken)).ConfigureAwait(false);
        return forgotten + await ForgetLastAsync(DateOnly.FromDateTime(day), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets the last decisions of accounts that have no state any more.</summary>
    private async ValueTask<long> ForgetLastAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var (forgotten, after) = (0L, "");
        List<(string Account, int Number)> page;
        do
        {
            page = await LastAsync(before, after, cancellationToken).ConfigureAwait(false);
            foreach (var (account, number) in page)
            {
                if (AccountId.TryParse(account, out var id) && await known.ContainsAsync(id, cancellationToken).ConfigureAwait(false)) continue;
                forgotten += await ExecuteAsync(store.First, LastDecision, cancellationToken, store.Service, account, number).ConfigureAwait(false);
            }

            if (page.Count > 0) after = page[^1].Account;
        }
        while (page.Count == Forgetting.Portion);
        return forgotten;
    }

    private async ValueTask<List<(string Account, int Number)>> LastAsync(DateOnly before, string after, CancellationToken cancellationToken)
    {
        await using var command = Command(store.First, LastDecisions, store.Service, before, after, Forgetting.Portion);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<(string, int)> found = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) found.Add((reader.GetString(0), reader.GetInt32(1)));
        return found;
    }

    private async ValueTask<int> ForgetAsync(DateTime before, int portion, CancellationToken cancellationToken)
    {
        var forgotten = await ExecuteAsync(store.First, Decisions, cancellationToken, store.Service, DateOnly.FromDateTime(before), portion).ConfigureAwait(false);
        foreach (var source in store.Sources)
        {
            var states = await ExecuteAsync(source, States, cancellationToken, store.Service, DateTime.SpecifyKind(before, DateTimeKind.Unspecified), Forgetting.Types, portion).ConfigureAwait(false);
            forgotten = Math.Max(forgotten, states);
        }

        return forgotten;
    }

    private static async Task<int> ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(source, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, params object[] values)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
