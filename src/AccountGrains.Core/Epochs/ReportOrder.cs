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
        reports.Sort(Instance);
        var all = CollectionsMarshal.AsSpan(reports);
        var kept = 0;
        var group = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (kept > 0 && !IsSame(all[kept - 1], all[i])) group = kept;
            if (!Says(all[group..kept], all[i].Report.Bans)) all[kept++] = all[i];
        }

        reports.RemoveRange(kept, reports.Count - kept);
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
