using AccountGrains.Core.Windows;
using CsCheck;

namespace AccountGrains.Core.Tests.Windows;

public sealed class RequestTimesTests
{
    private const long Start = 1_777_593_600_000;

    [Fact]
    public void Burstiness_OfAClock_IsMinusOne()
    {
        var gaps = default(GapShape);

        for (var i = 0; i < 100; i++) gaps.Add(30_000);

        Assert.Equal(-1, gaps.Burstiness, 0.001);
        Assert.Equal(30, gaps.TypicalSeconds, 0.001);
    }

    [Fact]
    public void Burstiness_OfIndependentArrivals_IsNearZero()
    {
        var gaps = default(GapShape);

        foreach (var share in Shares(4_000)) gaps.Add((long)(-60_000 * Math.Log(share)));

        Assert.Equal(0, gaps.Burstiness, 0.1);
    }

    [Fact]
    public void Burstiness_OfShortGapsAndLongPauses_IsPositive()
    {
        var gaps = default(GapShape);

        for (var i = 0; i < 400; i++) gaps.Add(i % 10 == 0 ? 8 * 3_600_000 : 2_000);

        Assert.InRange(gaps.Burstiness, 0.3, 1);
    }

    [Fact]
    public void Gaps_MeanAndVariance_AreThoseOfTheNaiveDecayedList() => Gen.Long[1, 100_000_000].Array[1, 400].Sample(list =>
    {
        var gaps = default(GapShape);
        foreach (var gap in list) gaps.Add(gap);

        var weights = list.Select((_, i) => Math.Pow(255.0 / 256, list.Length - 1 - i)).ToArray();
        var logs = list.Select(gap => Math.Log(gap / 1000.0)).ToArray();
        var mean = logs.Zip(weights, (log, weight) => log * weight).Sum() / weights.Sum();
        var variance = logs.Zip(weights, (log, weight) => (log - mean) * (log - mean) * weight).Sum() / weights.Sum();

        Assert.Equal(mean, gaps.Mean, 1e-3);
        Assert.Equal(variance, gaps.Variance, 1e-2);
    });

    [Fact]
    public void GapMerge_OfTwoHalves_IsThePooledShape()
    {
        var left = default(GapShape);
        var right = default(GapShape);
        for (var i = 0; i < 50; i++) left.Add(1_000);
        for (var i = 0; i < 50; i++) right.Add(100_000);

        left.Merge(right);

        Assert.Equal(Math.Log(10), left.Mean, 1e-4);
        Assert.Equal(Math.Pow(Math.Log(10), 2), left.Variance, 1e-4);
    }

    [Fact]
    public void CircadianStrength_OfAllHoursAlike_IsZeroAndOfOneHour_IsOne()
    {
        var flat = default(HourProfile);
        var single = default(HourProfile);

        for (var i = 0; i < 24_000; i++)
        {
            flat.Add(Start + (i * 3_600_000L));
            single.Add(Start);
        }

        Assert.Equal(0, flat.CircadianStrength, 0.02);
        Assert.Equal(1, single.CircadianStrength, 1e-9);
    }

    [Fact]
    public void HourMerge_BelowTheLimit_AddsExactly() => Gen.Select(Gen.Int[0, 23].Array[0, 120], Gen.Int[0, 23].Array[0, 120]).Sample((left, right) =>
    {
        var merged = Profile(left);

        merged.Merge(Profile(right));

        for (var hour = 0; hour < 24; hour++) Assert.Equal(left.Concat(right).Count(one => one == hour), merged[hour]);
    });

    [Fact]
    public void LongestQuiet_OfAHumanWeek_IsTheNight()
    {
        var times = default(RequestTimes);
        var last = Start;

        for (var day = 0; day < 10; day++)
        {
            for (var minute = 8 * 60; minute < 23 * 60; minute += 20) last = Observe(ref times, Start + ((((day * 1440L) + minute) * 60_000)));
        }

        Assert.Equal(9 * 3600 + 1200, times.LongestQuietSeconds(last, Start), 540.0);
    }

    [Fact]
    public void LongestQuiet_AWeekAfterASilence_HasForgottenIt()
    {
        var times = default(RequestTimes);
        Observe(ref times, Start);

        var last = Start;
        for (var hour = 48; hour < 48 + (8 * 24); hour++) last = Observe(ref times, Start + (hour * 3_600_000L));

        Assert.Equal(3_600, times.LongestQuietSeconds(last, Start), 200.0);
        Assert.Equal(QuietSpells.MaxSeconds, times.LongestQuietSeconds(last + (30 * Decay.Day), Start));
    }

    private static long Observe(ref RequestTimes times, long time)
    {
        times.Advance(time);
        times.Add(time, Start, time);
        return time;
    }

    private static HourProfile Profile(int[] hours)
    {
        var profile = default(HourProfile);
        foreach (var hour in hours) profile.Add(Start + (hour * 3_600_000L));
        return profile;
    }

    private static IEnumerable<double> Shares(int count)
    {
        for (var i = 1; i <= count; i++) yield return ((Mixing.Mix64((ulong)i) >> 11) + 0.5) / (1UL << 53);
    }
}
