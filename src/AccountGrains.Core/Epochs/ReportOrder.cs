using System.Buffers;
using System.Runtime.InteropServices;
using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Epochs;

/// <summary>The fixed order of reports: by fingerprint, account and time, and by what else they show when they are of one moment; one for each account and fingerprint.</summary>
internal static class ReportOrder
{
    /// <summary>Puts reports into their order, of equal ones in that in which they came, and drops those that say again what an earlier one says.</summary>
    public static void Sort(List<BatchReport> reports)
    {
        var all = CollectionsMarshal.AsSpan(reports);
        var keys = ArrayPool<ulong>.Shared.Rent(all.Length);
        var places = ArrayPool<int>.Shared.Rent(all.Length);
        for (var i = 0; i < all.Length; i++) (keys[i], places[i]) = (PrefixOf(all[i].Fingerprint), i);
        SortPlaces(keys.AsSpan(0, all.Length), places.AsSpan(0, all.Length), new PlaceOrder(reports));
        Arrange(all, places);
        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<int>.Shared.Return(places);

        var kept = 0;
        var group = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (kept > 0 && !IsSame(all[kept - 1], all[i])) group = kept;
            if (!Says(all[group..kept], all[i].Bans)) all[kept++] = all[i];
        }

        reports.RemoveRange(kept, reports.Count - kept);
    }

    /// <summary>
    /// Nearly all of the order is in the first bits of the fingerprints: sorting these numbers, and moving each report once, costs a fraction of what comparing and
    /// moving reports all along does.
    /// </summary>
    private static void SortPlaces(Span<ulong> keys, Span<int> places, PlaceOrder order)
    {
        keys.Sort(places);
        for (var i = 0; i < keys.Length;)
        {
            var first = i;
            while (i < keys.Length && keys[i] == keys[first]) i++;
            if (i - first > 1) places[first..i].Sort(order);
        }
    }

    /// <summary>The bits that the order goes by first: the kind's, the key's and the highest of the value.</summary>
    private static ulong PrefixOf(Fingerprint fingerprint) => ((ulong)fingerprint.Kind << 58) | ((ulong)fingerprint.KeyId << 50) | (ulong)(fingerprint.Value >> 78);

    /// <summary>Moves each report to its place: round each cycle of places once.</summary>
    private static void Arrange(Span<BatchReport> all, int[] from)
    {
        for (var start = 0; start < all.Length; start++)
        {
            if (from[start] < 0) continue;
            var moved = all[start];
            var at = start;
            for (var next = from[at]; next != start; next = from[at])
            {
                all[at] = all[next];
                from[at] = -1;
                at = next;
            }

            all[at] = moved;
            from[at] = -1;
        }
    }

    private static int Compare(in BatchReport x, in BatchReport y)
    {
        var order = x.Fingerprint.CompareTo(y.Fingerprint);
        if (order != 0) return order;
        if (x.Sighting == y.Sighting) return x.Bans.CompareTo(y.Bans);
        ref readonly var left = ref x.Row;
        ref readonly var right = ref y.Row;
        order = left.Account.CompareTo(right.Account);
        if (order != 0) return order;
        order = left.Time.CompareTo(right.Time);
        if (order != 0) return order;
        order = x.Bans.CompareTo(y.Bans);
        return order != 0 ? order : SightingRow.ComparePrompts(left, right);
    }

    private static bool IsSame(in BatchReport left, in BatchReport right) =>
        left.Fingerprint == right.Fingerprint && left.Mark == right.Mark && left.Row.Account == right.Row.Account;

    private static bool Says(ReadOnlySpan<BatchReport> group, sbyte bans)
    {
        foreach (ref readonly var report in group)
        {
            if (report.Bans == bans) return true;
        }

        return false;
    }

    private sealed class PlaceOrder(List<BatchReport> reports) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            var order = ReportOrder.Compare(reports[x], reports[y]);
            return order != 0 ? order : x.CompareTo(y);
        }
    }
}
