namespace AccountGrains.Silo.Correlation;

/// <summary>Spreads shards over silos: every silo has as many as any other, or one more, and no more of them move than that takes.</summary>
internal static class ShardMap
{
    /// <summary>The owners from now on.</summary>
    /// <param name="now">The owners of now, null for a shard that is nowhere.</param>
    /// <param name="silos">The silos that may have shards, in their fixed order; at least one.</param>
    public static SiloAddress[] Spread(IReadOnlyList<SiloAddress?> now, IReadOnlyList<SiloAddress> silos)
    {
        ArgumentOutOfRangeException.ThrowIfZero(silos.Count);
        var least = now.Count / silos.Count;
        var more = now.Count % silos.Count;
        var owners = new SiloAddress?[now.Count];
        var counts = silos.ToDictionary(s => s, _ => 0);
        for (var shard = 0; shard < owners.Length; shard++)
        {
            if (now[shard] is not { } owner || !counts.TryGetValue(owner, out var count) || count > least || (count == least && more == 0)) continue;
            if (count == least) more--;
            owners[shard] = owner;
            counts[owner]++;
        }

        for (var shard = 0; shard < owners.Length; shard++)
        {
            if (owners[shard] is not null) continue;
            var owner = silos.MinBy(s => counts[s])!;
            owners[shard] = owner;
            counts[owner]++;
        }

        return owners!;
    }
}
