namespace AccountGrains.Core.Sketches;

/// <summary>One of the most frequent keys.</summary>
/// <typeparam name="TKey">What is counted.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Count">How often it came, at most; 0 for no entry.</param>
public readonly record struct HeavyHitter<TKey>(TKey Key, ushort Count)
    where TKey : unmanaged, IHeavyHitterKey<TKey>;
