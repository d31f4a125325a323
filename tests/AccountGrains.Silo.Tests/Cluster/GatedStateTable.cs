using System.Collections.Concurrent;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>A table of states whose writes of single grains can be held up or made to fail.</summary>
internal sealed class GatedStateTable(IStateTable inner) : IStateTable
{
    /// <summary>Gates by the key of the grain, or by its type.</summary>
    public ConcurrentDictionary<string, Gate> Gates { get; } = new();

    public ValueTask<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public async ValueTask<StateChange> WriteAsync(StateKey key, long? expected, byte[]? payload, CancellationToken cancellationToken)
    {
        if (Gates.TryGetValue(key.GrainKey, out var gate) || Gates.TryGetValue(key.GrainType, out gate)) await gate.PassAsync();
        return await inner.WriteAsync(key, expected, payload, cancellationToken);
    }

    public ValueTask<StateChange> DeleteAsync(StateKey key, long? expected, CancellationToken cancellationToken) => inner.DeleteAsync(key, expected, cancellationToken);

    public ValueTask<bool> QuarantineAsync(StateKey key, StateRow row, string reason, CancellationToken cancellationToken) => inner.QuarantineAsync(key, row, reason, cancellationToken);
}
