using AccountGrains.Core.States;

namespace AccountGrains.Core.Sketches;

/// <summary>What heavy hitters can be found of: a small value with a fixed stored size and an order.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IHeavyHitterKey<TSelf> : IEquatable<TSelf>, IComparable<TSelf>
    where TSelf : unmanaged, IHeavyHitterKey<TSelf>
{
    /// <summary>Bytes stored.</summary>
    static abstract int StoredSize { get; }

    /// <summary>Writes the key.</summary>
    void Write(StateWriter writer);

    /// <summary>Reads a key back.</summary>
    static abstract TSelf Read(ref StateReader reader);
}
