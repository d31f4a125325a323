using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>An account's decayed sums: four measures over five horizons that share one time.</summary>
public struct DecayedCounters
{
    /// <summary>Bytes stored: twenty doubles and a time of 48 bits.</summary>
    public const int StoredSize = (Measures * Horizons * 8) + ShortTime.StoredSize;

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
            for (var measure = 0; measure < Measures; measure++) _values[(measure * Horizons) + horizon] *= factor;
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
            _values[horizon] += requests * weight;
            _values[Horizons + horizon] += inputTokens * weight;
            _values[(2 * Horizons) + horizon] += outputTokens * weight;
            _values[(3 * Horizons) + horizon] += errors * weight;
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
        for (var i = 0; i < Measures * Horizons; i++) _values[i] += other._values[i];
    }

    internal readonly void Write(StateWriter writer)
    {
        ShortTime.Write(writer, Time);
        foreach (var value in (ReadOnlySpan<double>)_values) writer.Double(value);
    }

    internal static DecayedCounters Read(ref StateReader reader)
    {
        var counters = new DecayedCounters { Time = ShortTime.Read(ref reader) };
        for (var i = 0; i < Measures * Horizons; i++) counters._values[i] = reader.Double();
        return counters;
    }

    [InlineArray(Measures * Horizons)]
    private struct Values
    {
        private double _first;
    }
}
