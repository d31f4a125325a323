using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>What an account did on each of the last fourteen UTC days.</summary>
public struct DailyTotals
{
    /// <summary>How many days are kept, the newest included.</summary>
    public const int Days = 14;

    /// <summary>Bytes stored; the newest day is that of the account's last event and is not stored again.</summary>
    public const int StoredSize = Days * (3 + 4 + 4);

    private Ring _ring;

    /// <summary>The newest day: whole days since 1970, UTC.</summary>
    public int NewestDay { get; private set; }

    /// <summary>The totals of a day; of one that is not kept, nothing.</summary>
    public readonly DailyTotal this[int day] => Holds(day) ? _ring[day % Days] : default;

    /// <summary>Makes a day the newest and drops what is then too old; an earlier day changes nothing.</summary>
    public void Advance(int day)
    {
        if (day <= NewestDay) return;
        for (var cleared = Math.Max(NewestDay, day - Days) + 1; cleared <= day; cleared++) _ring[cleared % Days] = default;
        NewestDay = day;
    }

    /// <summary>Counts on a day. False when the day is older than the fourteen: then nothing is counted.</summary>
    /// <param name="day">Whole days since 1970, UTC.</param>
    /// <param name="requests">Requests, at least 0, as all that follow.</param>
    /// <param name="inputTokens">Tokens read.</param>
    /// <param name="outputTokens">Tokens written.</param>
    public bool Add(int day, long requests, long inputTokens, long outputTokens)
    {
        Advance(day);
        if (!Holds(day)) return false;
        ref var total = ref _ring[day % Days];
        total = total.Plus(requests, inputTokens, outputTokens);
        return true;
    }

    /// <summary>Adds another copy's days, exactly; those that are too old beside the newer copy fall out.</summary>
    public void Merge(in DailyTotals other)
    {
        Advance(other.NewestDay);
        for (var day = Math.Max(0, other.NewestDay - Days + 1); day <= other.NewestDay; day++)
        {
            var total = other[day];
            Add(day, total.Requests, total.InputTokens, total.OutputTokens);
        }
    }

    internal readonly void Write(StateWriter writer)
    {
        foreach (var total in (ReadOnlySpan<DailyTotal>)_ring)
        {
            writer.UInt24(total.Requests);
            writer.UInt32(total.InputTokens);
            writer.UInt32(total.OutputTokens);
        }
    }

    internal static DailyTotals Read(ref StateReader reader, int newestDay)
    {
        var totals = new DailyTotals { NewestDay = newestDay };
        for (var i = 0; i < Days; i++) totals._ring[i] = new DailyTotal(reader.UInt24(), reader.UInt32(), reader.UInt32());
        return totals;
    }

    private readonly bool Holds(int day) => day <= NewestDay && day > NewestDay - Days && day >= 0;

    [InlineArray(Days)]
    private struct Ring
    {
        private DailyTotal _first;
    }
}
