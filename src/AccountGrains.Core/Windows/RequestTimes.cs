using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>The rhythm of an account's requests: gaps, hours and quiet spells, and the last request that they are measured from.</summary>
internal struct RequestTimes
{
    /// <summary>Bytes stored.</summary>
    public const int StoredSize = 4 + GapShape.StoredSize + HourProfile.StoredSize + QuietSpells.StoredSize;

    public GapShape Gaps;
    public HourProfile Hours;
    private QuietSpells _spells;
    private long _last;

    /// <summary>Moves on to the time of the account's last event.</summary>
    public void Advance(long time)
    {
        _spells.Advance(Decay.DayOf(time));
        if (!HasLast(time)) _last = 0;
    }

    /// <summary>Counts a request. One that is late counts in its hour, but makes no gap: the gap that it splits has counted.</summary>
    public void Add(long time, long firstSeen, long lastSeen)
    {
        Hours.Add(time);
        if (time < _last || lastSeen - time >= uint.MaxValue) return;
        if (HasLast(time)) Gaps.Add(time - _last);
        _spells.Add(QuietSince(time, firstSeen), time);
        _last = time;
    }

    public readonly int LongestQuietSeconds(long asOf, long firstSeen) => _spells.LongestSeconds(QuietSince(asOf, firstSeen), asOf);

    /// <summary>Joins what two copies saw. A silence between one's end and the other's beginning is a quiet spell too.</summary>
    public void Merge(in RequestTimes other, long firstSeen, long otherFirstSeen)
    {
        Gaps.Merge(other.Gaps);
        Hours.Merge(other.Hours);
        _spells.Merge(other._spells);
        if (_last > 0 && otherFirstSeen > _last) _spells.Add(_last, otherFirstSeen);
        if (other._last > 0 && firstSeen > other._last) _spells.Add(other._last, firstSeen);
        _last = Math.Max(_last, other._last);
    }

    public readonly void Write(StateWriter writer, long lastSeen)
    {
        writer.UInt32(HasLast(lastSeen) ? (uint)(lastSeen - _last) : uint.MaxValue);
        Gaps.Write(writer);
        Hours.Write(writer);
        _spells.Write(writer);
    }

    public static RequestTimes Read(ref StateReader reader, long lastSeen)
    {
        var since = reader.UInt32();
        return new RequestTimes
        {
            _last = since == uint.MaxValue ? 0 : lastSeen - since,
            Gaps = GapShape.Read(ref reader),
            Hours = HourProfile.Read(ref reader),
            _spells = QuietSpells.Read(ref reader, Decay.DayOf(lastSeen)),
        };
    }

    // After 49 days the stored form no longer knows the last request, so a state in memory must not know better.
    private readonly bool HasLast(long time) => _last > 0 && time - _last < uint.MaxValue;

    private readonly long QuietSince(long time, long firstSeen) => HasLast(time) ? _last : firstSeen;
}
