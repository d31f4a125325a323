using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>An account's decayed sums: four measures over five horizons that share one time, kept to 36 binary digits.</summary>
public struct DecayedCounters
{
    /// <summary>Bytes stored: twenty doubles of 48 bits and a time of 48 bits.</summary>
    public const int StoredSize = (Measures * Horizons * 6) + ShortTime.StoredSize;

    private const int Dropped = 16;

    internal const int Measures = 4;
    internal const int Horizons = 5;

    private static readonly long[] HalfLives = [60_000, 600_000, 3_600_000, 86_400_000, 1_209_600_000];

    private Values _values;

    /// <summary>The time all values are as of: milliseconds since 1970, UTC.</summary>
    public long Time { get; private set; }

    /// <summary>The half-life of a horizon in milliseconds.</summary>
    public static long HalfLifeOf(Horizon horizon) => HalfLives[(int)horizon];

    /// <summary>Decays everything to a time; an earlier time changes nothing.</summary>
    public void Advance(long time)
    {
        if (time <= Time) return;
        for (var horizon = 0; horizon < Horizons; horizon++)
        {
            var factor = Decay.Factor(time - Time, HalfLives[horizon]);
            for (var measure = 0; measure < Measures; measure++) Set((measure * Horizons) + horizon, _values[(measure * Horizons) + horizon] * factor);
        }

        Time = time;
    }

    /// <summary>Counts an event. One later than all before moves the time; a late one counts at its decayed weight.</summary>
    /// <param name="time">The event's time: milliseconds since 1970, UTC.</param>
    /// <param name="requests">Requests, at least 0, as all that follow.</param>
    /// <param name="inputTokens">Tokens read.</param>
    /// <param name="outputTokens">Tokens written.</param>
    /// <param name="errors">Answers with a status of 400 or above.</param>
    public void Add(long time, double requests, double inputTokens, double outputTokens, double errors)
    {
        Advance(time);
        for (var horizon = 0; horizon < Horizons; horizon++)
        {
            var weight = Decay.Factor(Time - time, HalfLives[horizon]);
            Add(horizon, requests * weight);
            Add(Horizons + horizon, inputTokens * weight);
            Add((2 * Horizons) + horizon, outputTokens * weight);
            Add((3 * Horizons) + horizon, errors * weight);
        }
    }

    /// <summary>The decayed sum at a time; a time before <see cref="Time"/> is taken as that.</summary>
    public readonly double ValueAt(Measure measure, Horizon horizon, long time) =>
        new DecayedCounter(_values[((int)measure * Horizons) + (int)horizon], Time).ValueAt(time, HalfLifeOf(horizon));

    /// <summary>The rate in units a second at a time: <c>value·ln2/halfLife</c>.</summary>
    public readonly double RateAt(Measure measure, Horizon horizon, long time) =>
        Decay.Rate(ValueAt(measure, horizon, time), HalfLifeOf(horizon));

    /// <summary>Adds what another copy counted: both are decayed to the later time.</summary>
    public void Merge(DecayedCounters other)
    {
        other.Advance(Time);
        Advance(other.Time);
        for (var i = 0; i < Measures * Horizons; i++) Add(i, other._values[i]);
    }

    internal readonly void Write(StateWriter writer)
    {
        ShortTime.Write(writer, Time);
        foreach (var value in (ReadOnlySpan<double>)_values)
        {
            var bits = BitConverter.DoubleToUInt64Bits(value) >> Dropped;
            writer.UInt16((ushort)bits);
            writer.UInt32((uint)(bits >> 16));
        }
    }

    /// <summary>Reads the stored form; the first one had whole doubles.</summary>
    internal static DecayedCounters Read(ref StateReader reader, bool doubles = false)
    {
        var counters = new DecayedCounters { Time = ShortTime.Read(ref reader) };
        for (var i = 0; i < Measures * Horizons; i++) counters.Set(i, doubles ? reader.Double() : BitConverter.UInt64BitsToDouble((reader.UInt16() | ((ulong)reader.UInt32() << 16)) << Dropped));
        return counters;
    }

    private void Add(int place, double weight) => Set(place, _values[place] + weight);

    // Kept as it is stored, so that a copy that was read back goes on alike.
    private void Set(int place, double value) =>
        _values[place] = BitConverter.UInt64BitsToDouble((BitConverter.DoubleToUInt64Bits(value) + (1UL << (Dropped - 1))) >> Dropped << Dropped);

    [InlineArray(Measures * Horizons)]
    private struct Values
    {
        private double _first;
    }
}
