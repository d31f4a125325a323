namespace AccountGrains.Core.Sketches;

/// <summary>
/// Two Space-Saving summaries made into one ("Mergeable summaries", Agarwal et al. 2012): taking a full summary's least count off all
/// its counts leaves a Misra-Gries summary; those are added, cut to m-1 keys, and raised again by what all was lost to them, over m.
/// </summary>
internal record struct HeavyHitterSum<TKey>(TKey Key, int Count)
    where TKey : unmanaged, IHeavyHitterKey<TKey>
{
    private const int Capacity = HeavyHitters<TKey>.Capacity;

    /// <summary>Writes the keys of both, each with its counts added, highest first; returns their number.</summary>
    public static int Join(
        ReadOnlySpan<HeavyHitter<TKey>> left, ReadOnlySpan<HeavyHitter<TKey>> right, Span<HeavyHitterSum<TKey>> sums)
    {
        var count = Add(right, 0, sums, Add(left, 0, sums, 0));
        if (count > Capacity)
        {
            sums.Clear();
            count = Add(right, LeastOf(right), sums, Add(left, LeastOf(left), sums, 0));
        }

        sums[..count].Sort(static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Key.CompareTo(b.Key));
        return count;
    }

    /// <summary>Cuts the sums to at most m; their counts are never too low and add up to the total, rounded up.</summary>
    public static int Reduce(Span<HeavyHitterSum<TKey>> sums, int total)
    {
        if (sums.Length <= Capacity) return sums.Length;
        var cut = sums[Capacity - 1].Count;
        var kept = 0;
        for (var i = 0; i < Capacity; i++) kept += sums[i].Count -= cut;
        var lost = (total - kept + Capacity - 1) / Capacity;
        for (var i = 0; i < Capacity; i++) sums[i].Count += lost;
        return Capacity;
    }

    private static int Add(ReadOnlySpan<HeavyHitter<TKey>> entries, int less, Span<HeavyHitterSum<TKey>> sums, int count)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Count == 0) continue;
            var place = 0;
            while (place < count && !sums[place].Key.Equals(entry.Key)) place++;
            if (place == count) sums[count++] = new HeavyHitterSum<TKey>(entry.Key, 0);
            sums[place].Count += entry.Count - less;
        }

        return count;
    }

    // 0 unless all m counters are in use: then nothing was ever pushed out.
    private static int LeastOf(ReadOnlySpan<HeavyHitter<TKey>> entries)
    {
        var least = int.MaxValue;
        foreach (ref readonly var entry in entries) least = Math.Min(least, entry.Count);
        return least;
    }
}
