namespace AccountGrains.Silo.Storage;

/// <summary>The properties in the embedded store.</summary>
internal sealed class SqliteStoreProperties(SqliteStore store) : IStoreProperties
{
    private const string Insert = "INSERT INTO properties(name, value) VALUES($1, $2) ON CONFLICT DO NOTHING";
    private const string Select = "SELECT value FROM properties WHERE name = $1";

    /// <inheritdoc/>
    public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(Get, name, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken) =>
        await store.WriteAsync(Set, (name, value), 1, cancellationToken).ConfigureAwait(false);

    private static string? Get(SqliteSession session, string name) => (string?)session.Scalar(Select, name);

    private static string Set(SqliteSession session, (string Name, string Value) property)
    {
        session.Execute(Insert, property.Name, property.Value);
        return Get(session, property.Name)!;
    }
}
