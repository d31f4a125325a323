using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

public sealed class BanTests
{
    [Fact]
    public void Ban_WithAReason_IsBlockedForIt()
    {
        var decision = Observe(new AccountState(Account), ObservationType.Ban, "card fraud").Decision!;

        Assert.Equal((Verdict.Block, "external-ban", "card fraud"), (decision.Verdict, decision.Reasons[0].Name, decision.Reasons[0].Detail));
    }

    [Fact]
    public void Ban_WithoutAReason_SaysThatItWasBannedElsewhere()
    {
        var decision = Observe(new AccountState(Account), ObservationType.Ban, null).Decision!;

        Assert.Equal("it was banned elsewhere", decision.Reasons[0].Detail);
    }

    [Fact]
    public void Ban_JudgedAnewAfterItWasStored_KeepsItsReason()
    {
        var state = Member(template: 8, payment: 8);
        Observe(state, ObservationType.Ban, "card fraud");
        Observe(state, ObservationType.Ban, "another");

        var read = AccountState.Read(Account, state.Name, state.Write());
        read.Case!.Close(read.Case.Slots[0]);
        var decision = AccountRules.Judge(read, Snapshot(), Traffic.Start + 2)!;

        Assert.Equal((Verdict.Block, "card fraud"), (decision.Verdict, decision.Reasons.Single().Text));
    }

    [Fact]
    public void Ban_KnownFromItsRecordAlone_KeepsItsReason()
    {
        var decision = Observe(new AccountState(Account), ObservationType.Ban, "card fraud").Decision!;
        var state = new AccountState(Account);

        state.Adopt(DecisionCodec.Read(DecisionCodec.Write(decision)));

        Assert.Equal("card fraud", state.DecisionInForce(1).Reasons[0].Detail);
        Assert.Equal("card fraud", state.BanReason);
    }

    [Fact]
    public void Restore_WithAReason_AllowsForItOnce()
    {
        var state = new AccountState(Account);
        Observe(state, ObservationType.Ban, "card fraud");

        var decision = Observe(state, ObservationType.Restore, "appeal granted").Decision!;
        var again = Observe(state, ObservationType.Ban, null).Decision!;

        Assert.Equal((Verdict.Allow, "external-restore", "appeal granted"), (decision.Verdict, decision.Reasons.Single().Name, decision.Reasons.Single().Detail));
        Assert.Equal("it was banned elsewhere", again.Reasons.Single().Detail);
    }

    [Fact]
    public void Restore_OfAMember_IsNotRestrictedAgainByWhatItDidBefore()
    {
        var state = Member(template: 8, payment: 8);
        Observe(state, ObservationType.Ban, "card fraud");

        var decision = Observe(state, ObservationType.Restore, "appeal granted").Decision!;
        AccountRules.Judge(state, Snapshot(), Traffic.Start + 2);
        var read = AccountState.Read(Account, state.Name, state.Write());
        AccountRules.Judge(read, Snapshot(), Traffic.Start + 3);

        Assert.Equal((Verdict.Allow, "appeal granted"), (decision.Verdict, Assert.Single(decision.Reasons).Detail));
        Assert.Equal((Verdict.Allow, Verdict.Allow), (state.Verdict, read.Verdict));
        Assert.True(read.Case!.Slots[0].Restored);
    }

    [Fact]
    public void Restore_OfAMemberThatWasNotBanned_LiftsWhatItsCampaignBrought()
    {
        var state = Member(template: 8, payment: 8);
        AccountRules.Judge(state, Snapshot(), Traffic.Start);

        var decision = Observe(state, ObservationType.Restore, "appeal granted").Decision!;

        Assert.Equal((Verdict.Allow, 2), (decision.Verdict, decision.Number));
    }

    [Fact]
    public void Restore_WhereItSpeaksForNobody_SaysWhyItIsStillRestricted()
    {
        var policy = Policy.Default with { RestoreWeight = 0 };
        var snapshot = Snapshot().Next(policy, new PopulationView(10_000, 100), [], [], null);
        var state = Member(template: 8, payment: 8);
        Observe(state, ObservationType.Ban, "card fraud");

        var decision = Observe(state, ObservationType.Restore, "appeal granted", snapshot).Decision!;

        Assert.Equal(Verdict.Throttle, decision.Verdict);
        Assert.Contains(decision.Reasons, r => r.Name == "shared-payment");
        Assert.Equal("appeal granted", decision.Reasons[^1].Detail);
        Assert.Equal(decision.Reasons, state.DecisionInForce(1).Reasons);
    }

    [Theory]
    [InlineData(true, Verdict.Throttle, 5)]
    [InlineData(false, Verdict.Allow, 40)]
    public void Observe_AfterARestore_RestrictsOnlyWhoDoesTheCampaignsWorkAnew(bool works, Verdict expected, int requests)
    {
        var head = Sightings.Of(1).Sketch;
        SignatureEntry[] entries = [.. Enumerable.Range(0, 4).Select(i => new SignatureEntry(Sighting.TokenOf(head[i], i, 1), 8, 8, 40, 0.1f, true))];
        var snapshot = Core.Correlation.Snapshot.Empty(Policy.Default).Next(Policy.Default, new PopulationView(10_000, 100), [Signature(First, entries: entries)], [], null);
        var state = Member(template: 8, payment: 8);
        Observe(state, ObservationType.Ban, "card fraud", snapshot);
        Observe(state, ObservationType.Restore, "appeal granted", snapshot);
        var sketch = works ? head : Traffic.Prompt(77, new Random(1), 0);
        var verdicts = new List<Verdict>();

        for (var i = 0; i < requests; i++)
        {
            var request = Traffic.Input("someone", ObservationType.Request, Traffic.Start + 10 + i) with { Sketch = sketch, Request = (ulong)i + 1 };
            verdicts.Add(AccountRules.Observe(state, request, snapshot).Verdict);
        }

        Assert.All(verdicts.Take(4), v => Assert.Equal(Verdict.Allow, v));
        Assert.Equal(expected, verdicts[^1]);
    }

    private static AccountOutcome Observe(AccountState state, ObservationType type, string? reason, Snapshot? snapshot = null) =>
        AccountRules.Observe(state, Traffic.Input("someone", type, Traffic.Start + 1) with { Reason = reason }, snapshot ?? Snapshot());
}
