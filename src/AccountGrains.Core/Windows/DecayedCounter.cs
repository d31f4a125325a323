namespace AccountGrains.Core.Windows;

/// <summary>A sum in which every event's weight halves with each half-life. The half-life is the caller's and is always the same.</summary>
/// <param name="Value">The sum as of <paramref name="Time"/>, at least 0.</param>
/// <param name="Time">The latest event's time: milliseconds since 1970, UTC.</param>
public readonly record struct DecayedCounter(double Value, long Time)
{
    /// <summary>The counter with an event more. A late event counts at its decayed weight and moves no time back.</summary>
    /// <param name="weight">What the event adds at its own time.</param>
    /// <param name="time">The event's time: milliseconds since 1970, UTC.</param>
    /// <param name="halfLife">Milliseconds.</param>
    public DecayedCounter Add(double weight, long time, long halfLife) => Merge(new DecayedCounter(weight, time), halfLife);

    /// <summary>The sum at a time; a time before <see cref="Time"/> is taken as that.</summary>
    public double ValueAt(long time, long halfLife) => Value * Decay.Factor(Math.Max(0, time - Time), halfLife);

    /// <summary>The rate in units a second at a time: <c>value·ln2/halfLife</c>, exact for a steady stream.</summary>
    public double RateAt(long time, long halfLife) => Decay.Rate(ValueAt(time, halfLife), halfLife);

    /// <summary>The counter of both streams: both are decayed to the later time and added.</summary>
    public DecayedCounter Merge(DecayedCounter other, long halfLife)
    {
        var time = Math.Max(Time, other.Time);
        return new DecayedCounter(ValueAt(time, halfLife) + other.ValueAt(time, halfLife), time);
    }
}
