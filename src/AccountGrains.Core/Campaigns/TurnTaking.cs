using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// Whether accounts take turns. The gap of a request is the number of requests that the campaign's members sent since the account's last. People give
/// some 40 % of gaps within 0.5..1.6 of the median; a dispatcher that hands a queue round gives nearly all.
/// </summary>
internal sealed class TurnTaking
{
    /// <summary>The share of gaps between people's requests that are as alike as those of turns.</summary>
    public const double RegularByChance = 0.4;

    private const int Kept = 64;
    private const int Needed = 24;
    private readonly Queue<int> _gaps = new();
    private long _turn;

    /// <summary>Counts a member's request, of this many members, and notes on the member how regular its gaps are.</summary>
    public void Take(Member member, int members)
    {
        _turn++;
        if (member.LastTurn > 0)
        {
            var gap = (int)Math.Min(int.MaxValue, _turn - member.LastTurn);
            if (_gaps.Count >= Needed / 2)
            {
                member.Gaps++;
                var median = Median();
                if (LongEnough(median, members) && Fits(gap, median)) member.RegularGaps++;
            }

            _gaps.Enqueue(gap);
            if (_gaps.Count > Kept) _gaps.Dequeue();
        }

        member.LastTurn = _turn;
    }

    /// <summary>How many of the last gaps fit the median, and of how many.</summary>
    public (int Regular, int Known) Gaps
    {
        get
        {
            if (_gaps.Count == 0) return (0, 0);
            var median = Median();
            return (_gaps.Count(g => Fits(g, median)), _gaps.Count);
        }
    }

    /// <summary>True when the last gaps are more regular than people's, among this many members.</summary>
    public bool Regular(int members)
    {
        if (_gaps.Count < Needed || !LongEnough(Median(), members)) return false;
        var share = Gaps.Regular / (double)_gaps.Count;
        return share >= Math.Max(0.75, RegularByChance + (2.25 / Math.Sqrt(_gaps.Count)));
    }

    public void Write(StateWriter writer)
    {
        writer.Int64(_turn);
        writer.Byte((byte)_gaps.Count);
        foreach (var gap in _gaps) writer.Int32(gap);
    }

    public void ReadFrom(ref StateReader reader)
    {
        _turn = reader.Int64();
        for (int i = 0, count = reader.Byte(); i < count; i++) _gaps.Enqueue(reader.Int32());
    }

    /// <summary>One account that sends by itself for a while makes short gaps, and turns among none.</summary>
    private static bool LongEnough(double median, int members) => median >= Math.Max(4, 0.3 * members);

    private static bool Fits(int gap, double median) => gap >= 0.5 * median && gap <= 1.6 * median;

    private int Median()
    {
        Span<int> sorted = stackalloc int[_gaps.Count];
        var count = 0;
        foreach (var gap in _gaps) sorted[count++] = gap;
        sorted.Sort();
        return sorted[count / 2];
    }
}
