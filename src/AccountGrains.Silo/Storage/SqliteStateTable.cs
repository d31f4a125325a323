using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AccountGrains.Silo.Storage;

/// <summary>States in the embedded store.</summary>
internal sealed class SqliteStateTable(SqliteStore store, IOptions<ClusterOptions> cluster, TimeProvider time) : IStateTable
{
    private const string Where = "WHERE service_id = $1 AND grain_type = $2 AND grain_key = $3 AND state_name = $4";
    private const string SelectRow = $"SELECT version, payload FROM grain_state {Where}";
    private const string SelectVersion = $"SELECT version FROM grain_state {Where}";
    private const string Insert = """
        INSERT INTO grain_state(service_id, grain_type, grain_key, state_name, version, payload, day) VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """;
    private const string Update = $"UPDATE grain_state SET version = version + 1, payload = $6, day = $7 {Where} AND version = $5";
    private const string Delete = $"DELETE FROM grain_state {Where} AND version = $5";
    private const string Quarantine = $"""
        INSERT INTO quarantine(service_id, grain_type, grain_key, state_name, payload, reason, at)
        SELECT service_id, grain_type, grain_key, state_name, payload, $6, $7 FROM grain_state {Where} AND version = $5
        """;

    private readonly string _service = cluster.Value.ServiceId;

    /// <inheritdoc/>
    public ValueTask<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken) =>
        store.ReadAsync(Read, (_service, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StateChange> WriteAsync(StateKey key, long? expected, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken) =>
        new(store.WriteAsync(Write, new Change(_service, key, expected, payload, time.Today()), 1, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<StateChange> DeleteAsync(StateKey key, long? expected, CancellationToken cancellationToken) =>
        new(store.WriteAsync(Remove, new Change(_service, key, expected, null, 0), 1, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> QuarantineAsync(StateKey key, StateRow row, string reason, CancellationToken cancellationToken) =>
        new(store.WriteAsync(Move, (_service, key, row.Version, reason, time.GetUtcNow().ToUnixTimeMilliseconds()), 1, cancellationToken));

    private static StateRow? Read(SqliteSession session, (string Service, StateKey Key) of)
    {
        using var reader = session.Query(SelectRow, of.Service, of.Key.GrainType, of.Key.GrainKey, of.Key.StateName);
        if (!reader.Read()) return null;
        return new StateRow(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1));
    }

    private static StateChange Write(SqliteSession session, Change change)
    {
        var (service, key, expected, payload, day) = change;
        var version = expected ?? StateVersion.First();
        var statement = session.Statement(expected is null ? Insert : Update);
        statement.Bind(1, service);
        statement.BindText(2, key.Grain.Type.AsSpan());
        statement.BindText(3, key.Grain.Key.AsSpan());
        statement.Bind(4, key.StateName);
        statement.Bind(5, version);
        statement.Bind(6, payload);
        statement.Bind(7, day);
        return statement.Run() == 1
            ? new StateChange(true, expected is null ? version : version + 1)
            : new StateChange(false, VersionOf(session, change));
    }

    private static StateChange Remove(SqliteSession session, Change change)
    {
        var (service, key, expected, _, _) = change;
        if (expected is { } version && session.Execute(Delete, service, key.GrainType, key.GrainKey, key.StateName, version) == 1) return new StateChange(true, null);
        var stored = VersionOf(session, change);
        return new StateChange(stored is null && expected is null, stored);
    }

    private static bool Move(SqliteSession session, (string Service, StateKey Key, long Version, string Reason, long At) of)
    {
        var (service, key, version, reason, at) = of;
        session.Execute(Quarantine, service, key.GrainType, key.GrainKey, key.StateName, version, reason, at);
        return session.Execute(Delete, service, key.GrainType, key.GrainKey, key.StateName, version) == 1;
    }

    private static long? VersionOf(SqliteSession session, Change change) =>
        (long?)session.Scalar(SelectVersion, change.Service, change.Key.GrainType, change.Key.GrainKey, change.Key.StateName);

    private readonly record struct Change(string Service, StateKey Key, long? Expected, ReadOnlyMemory<byte>? Payload, int Day);
}
