using Npgsql;

namespace AccountGrains.Silo.Storage.Postgres;

/// <summary>The properties in a table.</summary>
internal sealed class PostgresStoreProperties(NpgsqlDataSource source, string service) : IStoreProperties
{
    private const string Insert = "INSERT INTO accountgrains_properties(service_id, name, value) VALUES($1, $2, $3) ON CONFLICT DO NOTHING";
    private const string Select = "SELECT value FROM accountgrains_properties WHERE service_id = $1 AND name = $2";

    /// <inheritdoc/>
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        await using var select = source.CreateCommand(Select);
        select.Parameters.Add(new() { Value = service });
        select.Parameters.Add(new() { Value = name });
        return (string?)await select.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken)
    {
        await using var insert = source.CreateCommand(Insert);
        insert.Parameters.Add(new() { Value = service });
        insert.Parameters.Add(new() { Value = name });
        insert.Parameters.Add(new() { Value = value });
        return await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1 ? value : (await GetAsync(name, cancellationToken).ConfigureAwait(false))!;
    }
}
