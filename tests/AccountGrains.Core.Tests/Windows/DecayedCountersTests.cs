using AccountGrains.Core.Windows;
using CsCheck;

namespace AccountGrains.Core.Tests.Windows;

public sealed class DecayedCountersTests
{
    private const long Start = 1_777_593_600_000;

    // Any order, so that about half of the events are late.
    private static readonly Gen<(long Time, int Weight)[]> Events =
        Gen.Select(Gen.Long[Start, Start + (3 * 3_600_000)], Gen.Int[1, 5_000]).Array[1, 60];

    [Fact]
    public void Value_InAnyOrderOfEvents_IsTheNaiveSum() => Events.Sample(events =>
    {
        var counters = Counted(events);

        foreach (var horizon in Enum.GetValues<Horizon>())
        {
            AssertClose(Naive(events, horizon, counters.Time), counters.ValueAt(Measure.OutputTokens, horizon, counters.Time));
            AssertClose(Naive(events, horizon, counters.Time + 777_777), counters.ValueAt(Measure.OutputTokens, horizon, counters.Time + 777_777));
        }
    });

    [Fact]
    public void Merge_OfTwoStreams_IsTheNaiveSumOfBoth() => Gen.Select(Events, Events).Sample((left, right) =>
    {
        var counters = Counted(left);

        counters.Merge(Counted(right));

        Assert.Equal(left.Concat(right).Max(one => one.Time), counters.Time);
        foreach (var horizon in Enum.GetValues<Horizon>())
        {
            AssertClose(Naive([.. left, .. right], horizon, counters.Time), counters.ValueAt(Measure.OutputTokens, horizon, counters.Time));
        }
    });

    [Fact]
    public void Rate_OfASteadyStream_IsItsRate()
    {
        var counters = default(DecayedCounters);

        for (var second = 0; second < 7_200; second++) counters.Add(Start + (second * 1000L), 1, 0, 0, 0);

        Assert.Equal(1, counters.RateAt(Measure.Requests, Horizon.Minute, counters.Time), 0.01);
        Assert.Equal(1, counters.RateAt(Measure.Requests, Horizon.TenMinutes, counters.Time), 0.01);
    }

    [Fact]
    public void Counter_AfterOneHalfLife_IsHalf()
    {
        var counter = default(DecayedCounter).Add(8, Start, 60_000);

        var later = counter.Merge(new DecayedCounter(1, Start + 60_000), 60_000);

        Assert.Equal(4, counter.ValueAt(Start + 60_000, 60_000), 1e-12);
        Assert.Equal(5, later.Value, 1e-12);
        Assert.Equal(Start + 60_000, later.Time);
        Assert.Equal(5 * Math.Log(2) / 60, later.RateAt(later.Time, 60_000), 1e-12);
    }

    private static DecayedCounters Counted((long Time, int Weight)[] events)
    {
        var counters = default(DecayedCounters);
        foreach (var (time, weight) in events) counters.Add(time, 1, 0, weight, 0);
        return counters;
    }

    private static double Naive((long Time, int Weight)[] events, Horizon horizon, long asOf) =>
        events.Sum(one => one.Weight * Math.Pow(2, -(double)(asOf - one.Time) / DecayedCounters.HalfLifeOf(horizon)));

    private static void AssertClose(double expected, double actual) => Assert.InRange(actual, expected * (1 - 1e-9), expected * (1 + 1e-9));
}
