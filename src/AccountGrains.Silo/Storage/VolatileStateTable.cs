using System.Collections.Concurrent;

namespace AccountGrains.Silo.Storage;

/// <summary>States in this process's memory: for trials, replays and tests.</summary>
internal sealed class VolatileStateTable(TimeProvider clock, StorageMetrics metrics) : IStateTable
{
    private readonly ConcurrentDictionary<StateKey, StateRow> _rows = new();

    /// <inheritdoc/>
    public ValueTask<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_rows.GetValueOrDefault(key));
    }

    /// <inheritdoc/>
    public ValueTask<StateChange> WriteAsync(StateKey key, long? expected, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        metrics.Writes.Add(1);
        var stored = _rows.GetValueOrDefault(key);
        if (stored?.Version != expected) return new(new StateChange(false, stored?.Version));

        var written = new StateRow(stored is null ? StateVersion.First() : stored.Version + 1, payload?.ToArray(), clock.Today());
        var done = stored is null ? _rows.TryAdd(key, written) : _rows.TryUpdate(key, written, stored);
        return new(done ? new StateChange(true, written.Version) : new StateChange(false, _rows.GetValueOrDefault(key)?.Version));
    }

    /// <inheritdoc/>
    public ValueTask<StateChange> DeleteAsync(StateKey key, long? expected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        metrics.Writes.Add(1);
        var stored = _rows.GetValueOrDefault(key);
        var done = stored?.Version == expected && (stored is null || _rows.TryRemove(new(key, stored)));
        return new(new StateChange(done, done ? null : _rows.GetValueOrDefault(key)?.Version));
    }

    /// <summary>Drops the records of grains that were last stored before a day.</summary>
    public int Forget(int day) => _rows
        .GroupBy(r => r.Key.Grain)
        .Where(g => Forgetting.Types.Contains(g.Key.Type.ToString()!) && g.All(r => r.Value.Day < day))
        .SelectMany(g => g)
        .Count(r => _rows.TryRemove(r));

    /// <summary>Drops the record: there is nothing here that could be looked at later.</summary>
    public ValueTask<bool> QuarantineAsync(StateKey key, StateRow row, string reason, CancellationToken cancellationToken) =>
        new(_rows.TryRemove(new(key, row)));
}
