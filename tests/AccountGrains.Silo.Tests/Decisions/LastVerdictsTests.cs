using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Decisions;

namespace AccountGrains.Silo.Tests.Decisions;

public sealed class LastVerdictsTests
{
    [Fact]
    public void Keep_BeyondTheLimit_LetsAllowedAccountsMakeWayAndRestrictedStay()
    {
        var verdicts = new LastVerdicts(10);
        for (var i = 0; i < 5; i++) verdicts.Keep(Of($"blocked-{i}", 1, Verdict.Block));
        for (var i = 0; i < 20; i++) verdicts.Keep(Of($"allowed-{i}", 1, Verdict.Allow));

        verdicts.Keep(Of("late", 1, Verdict.Throttle));

        Assert.Equal((10, 6), (verdicts.Count, verdicts.Restricted));
        Assert.NotNull(verdicts.Find(Traffic.AccountOf("late")));
        Assert.NotNull(verdicts.Find(Traffic.AccountOf("allowed-19")));
        Assert.Null(verdicts.Find(Traffic.AccountOf("allowed-0")));
    }

    [Fact]
    public void Keep_OfMoreRestrictedAccountsThanTheLimit_KeepsThemAll()
    {
        var verdicts = new LastVerdicts(10);

        for (var i = 0; i < 30; i++) verdicts.Keep(Of($"blocked-{i}", 1, Verdict.Block));
        verdicts.Keep(Of("allowed", 1, Verdict.Allow));

        Assert.Equal((30, 30), (verdicts.Count, verdicts.Restricted));
    }

    [Fact]
    public void Keep_OfAnEarlierDecision_ChangesNothing()
    {
        var verdicts = new LastVerdicts(10);
        verdicts.Keep(Of("one", 2, Verdict.Allow));

        verdicts.Keep(Of("one", 1, Verdict.Block));

        Assert.Equal(Verdict.Allow, verdicts.Find(Traffic.AccountOf("one"))!.Verdict);
        Assert.Equal(1, verdicts.Count);
    }

    private static Decision Of(string name, int number, Verdict verdict) => new()
    {
        Account = Traffic.AccountOf(name),
        Name = name,
        Number = number,
        Time = Traffic.Start,
        Verdict = verdict,
        Score = 0,
        Campaign = null,
        Reasons = [],
        PolicyVersion = 1,
    };
}
