using AccountGrains.Core.Windows;
using CsCheck;

namespace AccountGrains.Core.Tests.Windows;

public sealed class DailyTotalsTests
{
    private static readonly Gen<(int Day, uint Tokens)[]> Events =
        Gen.Select(Gen.Int[20_500, 20_540], Gen.UInt[0, 1_000_000_000]).Array[1, 80];

    [Fact]
    public void Add_InAnyOrder_CountsWhatTheNaiveListKeeps() => Events.Sample(events =>
    {
        var totals = default(DailyTotals);
        var kept = new List<(int Day, uint Tokens)>();
        var newest = 0;

        foreach (var (day, tokens) in events)
        {
            newest = Math.Max(newest, day);
            var isKept = totals.Add(day, 1, tokens, tokens / 2);
            Assert.Equal(day > newest - DailyTotals.Days, isKept);
            if (isKept) kept.Add((day, tokens));
        }

        AssertEqual(kept, newest, totals);
    });

    [Fact]
    public void Merge_OfTwoCopies_IsTheNaiveListOfBoth() => Gen.Select(Events, Events).Sample((left, right) =>
    {
        var totals = default(DailyTotals);
        var other = default(DailyTotals);
        foreach (var (day, tokens) in left) totals.Add(day, 1, tokens, tokens / 2);
        foreach (var (day, tokens) in right) other.Add(day, 1, tokens, tokens / 2);

        totals.Merge(other);

        var both = left.Concat(right).ToList();
        AssertEqual(both, both.Max(one => one.Day), totals);
    });

    [Fact]
    public void Add_BeyondItsLimits_StaysThere()
    {
        var totals = default(DailyTotals);

        totals.Add(20_500, 20_000_000, 5_000_000_000, uint.MaxValue);
        totals.Add(20_500, 1, 1, 1);

        Assert.Equal(new DailyTotal(DailyTotal.MaxRequests, uint.MaxValue, uint.MaxValue), totals[20_500]);
    }

    private static void AssertEqual(List<(int Day, uint Tokens)> kept, int newest, DailyTotals totals)
    {
        for (var day = newest - 20; day <= newest + 1; day++)
        {
            var tokens = kept.Where(one => one.Day == day && day > newest - DailyTotals.Days).Select(one => one.Tokens).ToList();
            Assert.Equal((uint)tokens.Count, totals[day].Requests);
            Assert.Equal((uint)Math.Min(uint.MaxValue, tokens.Sum(one => (long)one)), totals[day].InputTokens);
            Assert.Equal((uint)Math.Min(uint.MaxValue, tokens.Sum(one => (long)(one / 2))), totals[day].OutputTokens);
        }
    }
}
