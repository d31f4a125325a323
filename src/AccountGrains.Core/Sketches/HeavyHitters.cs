using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Sketches;

/// <summary>
/// The most frequent keys of a stream, by Space-Saving (Metwally et al. 2005) with m = 6 counters. With N all that was counted, a count
/// is too high by at most N/m and never too low, and a key above N/m is among the entries. All counts halve when one would
/// pass 65,535; from then on N is what is left of the counts, and a count may be one too low for each halving.
/// </summary>
/// <typeparam name="TKey">What is counted.</typeparam>
public struct HeavyHitters<TKey>
    where TKey : unmanaged, IHeavyHitterKey<TKey>
{
    /// <summary>m: the number of counters.</summary>
    public const int Capacity = 6;

    private Entries _entries;

    /// <summary>Bytes stored.</summary>
    internal static int StoredSize => Capacity * (TKey.StoredSize + 2);

    /// <summary>N: how much was counted, halvings applied.</summary>
    public readonly int Total
    {
        get
        {
            var total = 0;
            foreach (ref readonly var entry in (ReadOnlySpan<HeavyHitter<TKey>>)_entries) total += entry.Count;
            return total;
        }
    }

    /// <summary>The entry at a place, 0..5, in no order; a count of 0 is no entry.</summary>
    public readonly HeavyHitter<TKey> this[int place] => _entries[place];

    /// <summary>Counts a key.</summary>
    public void Add(TKey key)
    {
        Span<HeavyHitter<TKey>> entries = _entries;
        var least = 0;
        for (var i = 0; i < Capacity; i++)
        {
            if (entries[i].Count > 0 && entries[i].Key.Equals(key))
            {
                Raise(i, key);
                return;
            }

            if (entries[i].Count < entries[least].Count) least = i;
        }

        Raise(least, key);
    }

    /// <summary>Makes this the heavy hitters of both streams, within the bound for the N of both and one more for rounding.</summary>
    public void Merge(in HeavyHitters<TKey> other)
    {
        Span<HeavyHitterSum<TKey>> sums = stackalloc HeavyHitterSum<TKey>[2 * Capacity];
        var count = HeavyHitterSum<TKey>.Join(_entries, other._entries, sums);
        var merged = sums[..HeavyHitterSum<TKey>.Reduce(sums[..count], Total + other.Total)];

        var shift = 0;
        foreach (ref readonly var sum in merged)
        {
            while (sum.Count >> shift > ushort.MaxValue) shift++;
        }

        _entries = default;
        for (var i = 0; i < merged.Length; i++) _entries[i] = new HeavyHitter<TKey>(merged[i].Key, (ushort)(merged[i].Count >> shift));
    }

    /// <summary>The entries with a count, highest first, then by key.</summary>
    public readonly HeavyHitter<TKey>[] ToArray()
    {
        var entries = ((ReadOnlySpan<HeavyHitter<TKey>>)_entries).ToArray();
        return [.. entries.Where(entry => entry.Count > 0).OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Key)];
    }

    internal readonly void Write(StateWriter writer)
    {
        foreach (ref readonly var entry in (ReadOnlySpan<HeavyHitter<TKey>>)_entries)
        {
            entry.Key.Write(writer);
            writer.UInt16(entry.Count);
        }
    }

    internal static HeavyHitters<TKey> Read(ref StateReader reader)
    {
        var hitters = default(HeavyHitters<TKey>);
        for (var i = 0; i < Capacity; i++) hitters._entries[i] = new HeavyHitter<TKey>(TKey.Read(ref reader), reader.UInt16());
        return hitters;
    }

    private void Raise(int place, TKey key)
    {
        if (_entries[place].Count == ushort.MaxValue)
        {
            foreach (ref var entry in (Span<HeavyHitter<TKey>>)_entries) entry = entry with { Count = (ushort)(entry.Count >> 1) };
        }

        _entries[place] = new HeavyHitter<TKey>(key, (ushort)(_entries[place].Count + 1));
    }

    [InlineArray(Capacity)]
    private struct Entries
    {
        private HeavyHitter<TKey> _first;
    }
}
