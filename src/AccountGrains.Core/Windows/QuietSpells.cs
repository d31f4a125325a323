using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>
/// The longest time without a request that ended on each of the last seven UTC days, one byte a day: the square root of the spell in
/// tens of seconds, so a night of eight hours is off by at most nine minutes. A request that comes late splits no spell.
/// </summary>
public struct QuietSpells
{
    /// <summary>Bytes stored; the newest day is that of the account's last event and is not stored again.</summary>
    public const int StoredSize = Days;

    /// <summary>No spell is longer than this many seconds: seven days.</summary>
    public const int MaxSeconds = Days * 86_400;

    private const int Days = 7;

    private Ring _ring;
    private int _newestDay;

    /// <summary>Makes a day (whole days since 1970, UTC) the newest; an earlier one changes nothing.</summary>
    public void Advance(int day)
    {
        if (day <= _newestDay) return;
        for (var cleared = Math.Max(_newestDay, day - Days) + 1; cleared <= day; cleared++) _ring[cleared % Days] = 0;
        _newestDay = day;
    }

    /// <summary>Notes a spell.</summary>
    /// <param name="from">The last request before it: milliseconds since 1970, UTC.</param>
    /// <param name="to">The request that ended it.</param>
    public void Add(long from, long to)
    {
        var day = Decay.DayOf(to);
        Advance(day);
        if (day <= _newestDay - Days) return;
        ref var longest = ref _ring[day % Days];
        longest = Math.Max(longest, (byte)Math.Round(Math.Sqrt(SecondsBetween(from, to) / 10.0)));
    }

    /// <summary>The longest spell of the last seven days in seconds, 0..<see cref="MaxSeconds"/>, the one that lasts included.</summary>
    /// <param name="lastRequest">When the last request was: milliseconds since 1970, UTC.</param>
    /// <param name="asOf">As of when.</param>
    public readonly int LongestSeconds(long lastRequest, long asOf)
    {
        var code = 0;
        for (var day = Math.Max(0, Math.Max(Decay.DayOf(asOf), _newestDay) - Days + 1); day <= _newestDay; day++) code = Math.Max(code, _ring[day % Days]);
        return Math.Max(Math.Min(code * code * 10, MaxSeconds), SecondsBetween(lastRequest, asOf));
    }

    /// <summary>Takes the longer spell of both copies for each day, which is never too short for what either saw.</summary>
    public void Merge(QuietSpells other)
    {
        other.Advance(_newestDay);
        Advance(other._newestDay);
        for (var i = 0; i < Days; i++) _ring[i] = Math.Max(_ring[i], other._ring[i]);
    }

    internal readonly void Write(StateWriter writer) => writer.Bytes(_ring);

    internal static QuietSpells Read(ref StateReader reader, int newestDay)
    {
        var spells = new QuietSpells { _newestDay = newestDay };
        reader.Bytes(spells._ring);
        return spells;
    }

    private static int SecondsBetween(long from, long to) => (int)Math.Clamp((to - from) / 1000, 0, MaxSeconds);

    [InlineArray(Days)]
    private struct Ring
    {
        private byte _first;
    }
}
