using Npgsql;

namespace AccountGrains.Silo.Storage.Postgres;

/// <summary>
/// Forgets what is in PostgreSQL. The records of one grain go together, when the last of them is due; Orleans' provider knows a record by the name of its
/// state, which is that of the grain's type, or of a page of a campaign's members.
/// </summary>
internal sealed class PostgresRetention(PostgresStore store) : IRetention
{
    private const string States = """
        DELETE FROM OrleansStorage WHERE ctid IN (
            SELECT ctid FROM OrleansStorage AS s WHERE ServiceId = $1 AND ModifiedOn < $2 AND (GrainTypeString = ANY($3) OR GrainTypeString LIKE 'members-%')
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

    /// <inheritdoc/>
    public ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        Forgetting.InPortionsAsync(portion => ForgetAsync(before.UtcDateTime.Date, portion, cancellationToken));

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
        await using var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
