using AccountGrains.Core.Door;
using AccountGrains.Core.Windows;
using CsCheck;
using static AccountGrains.Core.Tests.Windows.Traffic;

namespace AccountGrains.Core.Tests.Windows;

public sealed class AccountBehaviourTests
{
    [Fact]
    public void Observe_OfAnyTraffic_CountsWhatTheNaiveListCounts() => Inputs.Sample(inputs =>
    {
        var account = new AccountBehaviour();
        foreach (var input in inputs) account.Observe(input with { Request = 0 });

        var requests = inputs.Where(one => one.Type == ObservationType.Request).ToList();
        var output = inputs.Sum(one => Math.Max(0, one.OutputTokens));
        var days = Enumerable.Range(Decay.DayOf(Start), 3).ToList();
        var expected = inputs.Sum(one => Math.Max(0, one.OutputTokens) * Math.Pow(2, -(account.LastSeen - one.Time) / 86_400_000.0));
        Assert.Equal(inputs.Min(one => one.Time), account.FirstSeen);
        Assert.Equal(inputs.Max(one => one.Time), account.LastSeen);
        Assert.Equal(requests.Count, days.Sum(day => account.Days[day].Requests));
        Assert.Equal(output, days.Sum(day => account.Days[day].OutputTokens));
        Assert.Equal(expected, account.Counters.ValueAt(Measure.OutputTokens, Horizon.Day, account.LastSeen), expected * 1e-9);
        Assert.Equal(requests.Count, account.Templates.Total);
    });

    [Fact]
    public void Observe_OfACompletion_AddsOnlyWhatIsMissing()
    {
        var account = new AccountBehaviour();
        Observed(account, Request(Start, request: 5));

        var first = account.Observe(Completion(Start + 2_000, 5, outputTokens: 700, status: 500));
        var again = account.Observe(Completion(Start + 3_000, 5, outputTokens: 700, status: 500));

        Assert.Equal(700, first.OutputTokens);
        Assert.Equal(0, again.OutputTokens);
        Assert.Equal(new DailyTotal(1, 500, 700), account.Days[Decay.DayOf(Start)]);
        Assert.Equal(1, account.Counters.ValueAt(Measure.Errors, Horizon.Fortnight, Start), 1e-4);
    }

    [Fact]
    public void Observe_OfACompletionOfAFinalRequest_AddsNothing()
    {
        var account = new AccountBehaviour();
        Observed(account, Request(Start, request: 5, outputTokens: 900, status: 200));

        var outcome = account.Observe(Completion(Start + 2_000, 5, outputTokens: 700, status: 500));

        Assert.Equal(0, outcome.OutputTokens);
        Assert.Equal(new DailyTotal(1, 500, 900), account.Days[Decay.DayOf(Start)]);
        Assert.Equal(0, account.Counters.ValueAt(Measure.Errors, Horizon.Fortnight, Start));
    }

    [Fact]
    public void Observe_OfACompletionWithoutItsRequest_CountsItsTokensAlone()
    {
        var account = new AccountBehaviour();

        var outcome = account.Observe(Completion(Start, 5, outputTokens: 700, status: 429));

        Assert.Equal(new ObserveOutcome(FirstEver: true, NewDay: true, OutputTokens: 700), outcome);
        Assert.Equal(new DailyTotal(0, 0, 700), account.Days[Decay.DayOf(Start)]);
        Assert.Equal(1, account.Counters.ValueAt(Measure.Errors, Horizon.Minute, Start));
    }

    [Fact]
    public void Observe_OverDays_TellsTheFirstOfEach()
    {
        var account = new AccountBehaviour();

        var first = account.Observe(Request(Start + 1000));
        var second = account.Observe(Request(Start + 2000));
        var nextDay = account.Observe(Request(Start + Decay.Day));
        var late = account.Observe(Request(Start));

        Assert.Equal((true, true), (first.FirstEver, first.NewDay));
        Assert.Equal((false, false), (second.FirstEver, second.NewDay));
        Assert.Equal((false, true), (nextDay.FirstEver, nextDay.NewDay));
        Assert.Equal((false, false), (late.FirstEver, late.NewDay));
        Assert.Equal(Start, account.FirstSeen);
        Assert.Equal(Start + Decay.Day, account.LastSeen);
    }

    [Fact]
    public void Observe_OfASignup_SetsPlanAndOrganization()
    {
        var account = new AccountBehaviour();
        account.Observe(Request(Start));

        account.Observe(Empty(ObservationType.Signup, Start + 10) with { Plan = "enterprise-large", Organization = 77 });
        account.Observe(Empty(ObservationType.Signup, Start + 5) with { Plan = "late", Organization = 78 });

        Assert.Equal("enterprise-l", account.Plan);
        Assert.Equal(77UL, account.Organization);
        Assert.Equal(Start + 5, account.SignupAt);
    }

    [Fact]
    public void Observe_OfABan_MovesOnlyTime()
    {
        var account = new AccountBehaviour();
        account.Observe(Request(Start));

        account.Observe(Empty(ObservationType.Ban, Start + 60_000) with { Ip = 9, Plan = "none" });

        Assert.Equal(Start + 60_000, account.LastSeen);
        Assert.Equal("pro", account.Plan);
        Assert.Equal(1, account.SeenFrom.Addresses, 0.1);
        Assert.Equal(1u, account.Days[Decay.DayOf(Start)].Requests);
        Assert.Equal(0.5, account.Counters.ValueAt(Measure.Requests, Horizon.Minute, account.LastSeen), 1e-12);
    }

    [Fact]
    public void At_AfterSomeTraffic_ShowsWhatOperatorsAskFor()
    {
        var account = new AccountBehaviour();
        for (var i = 0; i < 600; i++) account.Observe(Request(Start + (i * 60_000L), seed: (ulong)(1 + (i % 3))));

        var view = account.At(0);

        Assert.Equal(account.LastSeen, view.AsOf);
        Assert.Equal("pro", view.Plan);
        Assert.Null(view.SignupAt);
        Assert.Equal([60L, 600, 3_600, 86_400, 1_209_600], view.Rates.Select(one => one.HalfLifeSeconds));
        Assert.Equal(60, view.Rates[2].RequestsPerHour, 2.0);
        Assert.Equal([new DayView(new DateOnly(2026, 5, 1), 600, 300_000, 0)], view.Days);
        Assert.Equal(3, view.DistinctAddresses, 0.5);
        Assert.Equal(-1, view.GapBurstiness, 0.01);
        Assert.Equal(60, view.TypicalGapSeconds, 0.1);
        Assert.Equal(1, view.HourProfile.Sum(), 0.01);
        Assert.InRange(view.LongestQuietSeconds, 40, 90);
        Assert.Equal([200, 200, 200], view.Templates.Select(one => one.Count));
        Assert.Equal([("coding", 200), ("grading", 200), ("reasoning", 200)], view.Capabilities.Select(one => (one.Name, one.Count)));
    }

    private static void Observed(AccountBehaviour account, AccountInput input)
    {
        account.Observe(input);
        account.Recent.Remember(input.Request, input.Time, Verdict.Allow, input.OutputTokens >= 0, input.Status > 0);
    }
}
