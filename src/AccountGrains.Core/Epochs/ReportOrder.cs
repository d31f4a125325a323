using System.Buffers;
using System.Runtime.InteropServices;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Epochs;

/// <summary>The fixed order of reports: by fingerprint, account and time, and by what else they show when they are of one moment; one for each account and fingerprint.</summary>
internal sealed class ReportOrder : IComparer<BatchReport>
{
    private static readonly ReportOrder Instance = new();

    /// <summary>Puts reports into their order, and drops those that say again what an earlier one says.</summary>
    public static void Sort(List<BatchReport> reports)
    {
        var all = CollectionsMarshal.AsSpan(reports);
        SortByPrefix(all);
        for (var i = 0; i < all.Length;)
        {
            var first = i;
            while (i < all.Length && all[i].Fingerprint == all[first].Fingerprint) i++;
            if (i - first > 1) all[first..i].Sort(Instance);
        }

        var kept = 0;
        var group = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (kept > 0 && !IsSame(all[kept - 1], all[i])) group = kept;
            if (!Says(all[group..kept], all[i].Report.Bans)) all[kept++] = all[i];
        }

        reports.RemoveRange(kept, reports.Count - kept);
    }

    /// <summary>
    /// Nearly all of the order is in the first bits of the fingerprints, which differ where the fingerprints do: sorting these numbers, and moving each report once, costs
    /// a fraction of what comparing and moving reports all along does.
    /// </summary>
    private static void SortByPrefix(Span<BatchReport> all)
    {
        var keys = ArrayPool<ulong>.Shared.Rent(all.Length);
        var places = ArrayPool<int>.Shared.Rent(all.Length);
        for (var i = 0; i < all.Length; i++) (keys[i], places[i]) = (PrefixOf(all[i].Fingerprint), i);
        keys.AsSpan(0, all.Length).Sort(places.AsSpan(0, all.Length));
        var isOrdered = true;
        for (var i = 1; i < all.Length; i++) isOrdered &= keys[i - 1] != keys[i] || all[places[i - 1]].Fingerprint == all[places[i]].Fingerprint;
        Arrange(all, places);
        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<int>.Shared.Return(places);

        // Two fingerprints with the same first bits.
        if (!isOrdered) all.Sort(Instance);
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

    public int Compare(BatchReport x, BatchReport y)
    {
        var order = x.Fingerprint.CompareTo(y.Fingerprint);
        if (order != 0) return order;
        var (left, right) = (x.Report.Sighting, y.Report.Sighting);
        if (ReferenceEquals(left, right)) return x.Report.Bans.CompareTo(y.Report.Bans);
        order = left.Account.CompareTo(right.Account);
        if (order != 0) return order;
        order = left.Time.CompareTo(right.Time);
        if (order != 0) return order;
        order = x.Report.Bans.CompareTo(y.Report.Bans);
        if (order != 0) return order;
        TemplateSketch leftSketch = left.Sketch, rightSketch = right.Sketch;
        return ((ReadOnlySpan<ulong>)leftSketch).SequenceCompareTo(rightSketch);
    }

    private static bool IsSame(in BatchReport left, in BatchReport right) =>
        left.Fingerprint == right.Fingerprint && left.Report.Sighting.Account == right.Report.Sighting.Account;

    private static bool Says(ReadOnlySpan<BatchReport> group, sbyte bans)
    {
        foreach (ref readonly var report in group)
        {
            if (report.Report.Bans == bans) return true;
        }

        return false;
    }
}
