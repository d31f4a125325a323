using System.Collections.Concurrent;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>A table of states whose writes of single grains can be held up or made to fail.</summary>
internal sealed class GatedStateTable(IStateTable inner) : IStateTable
{
    /// <summary>Gates by the key of the grain, by its type, or by its type and the name of the state.</summary>
    public ConcurrentDictionary<string, Gate> Gates { get; } = new();

    /// <summary>What was written, and how often.</summary>
    public ConcurrentDictionary<StateKey, int> Written { get; } = new();

    /// <summary>What was deleted, there or not, and how often.</summary>
    public ConcurrentDictionary<StateKey, int> Deleted { get; } = new();

    /// <summary>The same for readings.</summary>
    public ConcurrentDictionary<string, Gate> ReadGates { get; } = new();

    public async ValueTask<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken)
    {
        if (ReadGates.TryGetValue(key.GrainKey, out var gate) || ReadGates.TryGetValue(key.GrainType, out gate)) await gate.PassAsync();
        return await inner.ReadAsync(key, cancellationToken);
    }

    public async ValueTask<StateChange> WriteAsync(StateKey key, long? expected, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken)
    {
        if (Gates.TryGetValue(key.GrainKey, out var gate) || Gates.TryGetValue(key.GrainType, out gate) || Gates.TryGetValue($"{key.GrainType}/{key.StateName}", out gate)) await gate.PassAsync();
        Written.AddOrUpdate(key, 1, (_, count) => count + 1);
        return await inner.WriteAsync(key, expected, payload, cancellationToken);
    }

    public ValueTask<StateChange> DeleteAsync(StateKey key, long? expected, CancellationToken cancellationToken)
    {
        Deleted.AddOrUpdate(key, 1, (_, count) => count + 1);
        return inner.DeleteAsync(key, expected, cancellationToken);
    }

    public ValueTask<bool> QuarantineAsync(StateKey key, StateRow row, string reason, CancellationToken cancellationToken) => inner.QuarantineAsync(key, row, reason, cancellationToken);
}
