using AccountGrains.Core.Accounts;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
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
    public void Restore_OfAMember_SaysWhyItIsStillRestricted()
    {
        var state = Member(template: 8, payment: 8);
        Observe(state, ObservationType.Ban, "card fraud");

        var decision = Observe(state, ObservationType.Restore, "appeal granted").Decision!;

        Assert.Equal(Verdict.Throttle, decision.Verdict);
        Assert.Contains(decision.Reasons, r => r.Name == "shared-payment");
        Assert.Equal("appeal granted", decision.Reasons[^1].Detail);
        Assert.Equal(decision.Reasons, state.DecisionInForce(1).Reasons);
    }

    private static AccountOutcome Observe(AccountState state, ObservationType type, string? reason) =>
        AccountRules.Observe(state, Traffic.Input("someone", type, Traffic.Start + 1) with { Reason = reason }, Snapshot());
}
