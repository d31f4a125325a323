namespace AccountGrains.Silo.Storage;

/// <summary>Names one stored state.</summary>
/// <param name="Grain">Whose it is.</param>
/// <param name="StateName">The state's name.</param>
internal readonly record struct StateKey(GrainId Grain, string StateName)
{
    /// <summary>The grain's type.</summary>
    public string GrainType => Grain.Type.ToString()!;

    /// <summary>The grain's key.</summary>
    public string GrainKey => Grain.Key.ToString()!;
}

/// <summary>A stored state.</summary>
/// <param name="Version">Changes with every write, and is never that of an earlier record of the same key.</param>
/// <param name="Payload">The serialized state; null when it was cleared and its record kept.</param>
/// <param name="Day">The day on which it was stored, where the store keeps it with the row.</param>
internal sealed record StateRow(long Version, byte[]? Payload, int Day = 0);

/// <summary>What became of a write.</summary>
/// <param name="Done">False when the version that was expected is not the stored one; nothing was changed then.</param>
/// <param name="Version">The stored version from now on; null when there is no record.</param>
internal readonly record struct StateChange(bool Done, long? Version);

/// <summary>Versioned records of bytes: what a grain storage needs of a store.</summary>
internal interface IStateTable
{
    /// <summary>Reads a record; null when there is none.</summary>
    ValueTask<StateRow?> ReadAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Writes a record if its version is the expected one; null expects that there is none. Once it has ended, the memory of the payload is its caller's again.</summary>
    ValueTask<StateChange> WriteAsync(StateKey key, long? expected, ReadOnlyMemory<byte>? payload, CancellationToken cancellationToken);

    /// <summary>Deletes a record if its version is the expected one; null expects that there is none.</summary>
    ValueTask<StateChange> DeleteAsync(StateKey key, long? expected, CancellationToken cancellationToken);

    /// <summary>Moves a record that cannot be read out of the way, unless it changed meanwhile; true when it was moved.</summary>
    ValueTask<bool> QuarantineAsync(StateKey key, StateRow row, string reason, CancellationToken cancellationToken);
}

/// <summary>Versions of states.</summary>
internal static class StateVersion
{
    /// <summary>The version of a new record: a random one, so that who knew a deleted record cannot take the new one for it.</summary>
    public static long First() => Random.Shared.NextInt64(1, 1L << 48);
}
