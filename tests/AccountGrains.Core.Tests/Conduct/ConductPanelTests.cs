using AccountGrains.Core.Conduct;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Conduct;

public sealed class ConductPanelTests
{
    private const ulong Ordinary = 0x0202020202020202;

    [Fact]
    public void Merge_InAnyOrderAndTwice_KeepsTheSameAccounts()
    {
        var reports = Enumerable.Range(0, 9_000).Select(i => (Account: Traffic.AccountOf($"a{i % 6_000}"), Report: Report(day: 100 + (i / 3_000), code: (ulong)(i % 200) + 1))).ToArray();
        var one = Of(reports);
        var (left, right) = (Of(reports.Where((_, i) => i % 3 == 0)), Of(reports.Where((_, i) => i % 3 != 0).Reverse()));

        right.Merge(left);
        right.Merge(left);

        Assert.Equal(ConductPanel.Limit, one.Entries.Count);
        Assert.Equal(one.Entries, right.Entries);
        Assert.Equal(one.Entries, Read(right).Entries);
    }

    [Fact]
    public void Entries_OfManyAccounts_StandForAllOfThem()
    {
        var panel = Of(Enumerable.Range(0, 20_000).Select(i => (Traffic.AccountOf($"a{i}"), Report(day: 100, code: i % 10 == 0 ? 200UL : 1))));

        Assert.InRange(panel.Entries.Count(e => (e.Profile.Packed & 0xFF) == 200), 0.07 * ConductPanel.Limit, 0.13 * ConductPanel.Limit);
    }

    [Fact]
    public void Add_OfAnAccountNotSeenForTwoWeeks_ForgetsIt()
    {
        var panel = Of([(Traffic.AccountOf("old"), Report(day: 100, code: 1)), (Traffic.AccountOf("new"), Report(day: 114, code: 1))]);

        Assert.Equal(114, Assert.Single(panel.Entries).Day);
    }

    [Fact]
    public void Of_APanelWithAccountsUnderAVerdict_LeavesThemOut()
    {
        var panel = Of(Enumerable.Range(0, 200).Select(i => (Traffic.AccountOf($"a{i}"), new PanelReport(100, 7, new ConductProfile(i < 100 ? Ordinary : 0)))));

        var norms = ConductNorms.Of(panel, []).Find(7)!;

        Assert.Equal(100, norms.CountOf(ConductMeasure.Requests));
        Assert.Equal(1.0 / 101, norms.TailOf(ConductMeasure.Requests, 3), 6);
        Assert.Equal(1, norms.TailOf(ConductMeasure.Requests, 2), 6);
    }

    [Fact]
    public void Find_OfAPlanWithFewAccounts_KnowsNothing()
    {
        var panel = Of(Enumerable.Range(0, PlanNorms.FewestAccounts - 1).Select(i => (Traffic.AccountOf($"a{i}"), new PanelReport(100, 7, new ConductProfile(Ordinary)))));

        Assert.Null(ConductNorms.Of(panel, []).Find(7));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.5, 0)]
    [InlineData(0.01, 1.49)]
    [InlineData(0.001, 3.04)]
    public void WeightOf_AChance_IsWhatABetAgainstItPays(double p, double expected) => Assert.Equal(expected, ConductEvidence.WeightOf(p), 0.01);

    [Fact]
    public void WeightOf_TheChancesOfOrdinaryAccounts_PaysNothingOnAverage()
    {
        // Half of e^weight beyond one is what all those pay back whose weight is cut at 0.
        var mean = Enumerable.Range(1, 100_000).Average(i => ConductEvidence.WeightOf(i / 100_000.0) is var w && w > 0 ? Math.Exp(w) : 0);

        Assert.InRange(mean, 0.3, 1);
    }

    private static PanelReport Report(int day, ulong code) => new(day, 0, new ConductProfile(code));

    private static ConductPanel Of(IEnumerable<(AccountId Account, PanelReport Report)> reports)
    {
        var panel = new ConductPanel();
        foreach (var (account, report) in reports) panel.Add(account, report);
        return panel;
    }

    private static ConductPanel Read(ConductPanel panel)
    {
        var writer = new StateWriter();
        panel.Write(writer);
        var reader = new StateReader(writer.ToArray());
        return ConductPanel.Read(ref reader);
    }
}
