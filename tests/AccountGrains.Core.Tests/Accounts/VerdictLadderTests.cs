using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Epochs;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

public sealed class VerdictLadderTests
{
    [Theory]
    [InlineData(8, 0, 0, 0, Verdict.Allow)]
    [InlineData(0, 8, 0, 0, Verdict.Allow)]
    [InlineData(0, 0, 8, 0, Verdict.Allow)]
    [InlineData(0, 0, 0, 8, Verdict.Allow)]
    [InlineData(0, 8, 8, 8, Verdict.Allow)]
    [InlineData(8, 8, 0, 0, Verdict.Throttle)]
    [InlineData(8, 0, 8, 0, Verdict.Throttle)]
    [InlineData(8, 0, 0, 8, Verdict.Throttle)]
    [InlineData(8, 8, 8, 8, Verdict.Throttle)]
    [InlineData(5, 0, 0, 1, Verdict.Allow)]
    public void Judge_ByTheFamiliesThatLink_NeedsTheTemplateAndAnother(float template, float network, float client, float payment, Verdict expected)
    {
        var state = Member(template, network, client, payment);

        AccountRules.Judge(state, Snapshot(), 1);

        Assert.Equal(expected, state.Verdict);
    }

    [Theory]
    [InlineData(-4, Verdict.Throttle)]
    [InlineData(-9, Verdict.Challenge)]
    [InlineData(-12, Verdict.Allow)]
    public void Judge_ByScore_ClimbsTheLadder(float prior, Verdict expected)
    {
        var state = Member(template: 6, payment: 5);

        var decision = AccountRules.Judge(state, Snapshot(prior: prior), 77);

        Assert.Equal(expected, state.Verdict);
        Assert.Equal(expected == Verdict.Allow ? null : First.ToString(), decision?.Campaign);
        Assert.Equal(expected == Verdict.Allow ? 0 : 77, state.DecidedAt);
    }

    [Theory]
    [InlineData(-0.5f, Verdict.Challenge)]
    [InlineData(-1.5f, Verdict.Allow)]
    public void Judge_OfAnAccountWhoseOwnBehaviourSpeaksForIt_IsMilder(float own, Verdict expected)
    {
        var state = Member(template: 8, payment: 8, own: own);

        AccountRules.Judge(state, Snapshot(), 1);

        Assert.Equal(expected, state.Verdict);
    }

    [Theory]
    [InlineData(-0.9f, true, Verdict.Throttle)]
    [InlineData(-0.9f, false, Verdict.Challenge)]
    [InlineData(-1.1f, true, Verdict.Allow)]
    public void Judge_OfAnAccountWithTheCard_ThrottlesAtItsWorkThoughItDidOtherThings(float own, bool matchedNow, Verdict expected)
    {
        var state = Member(template: 8, payment: 8, own: own);

        VerdictLadder.Judge(state, Snapshot(), new SlotMatch(matchedNow ? (byte)1 : (byte)0), 1);

        Assert.Equal(expected, state.Verdict);
    }

    [Fact]
    public void Judge_OfANewAccountWithTheTemplateAlone_Allows()
    {
        var state = Member(template: 8);
        state.Case!.Slots[0].NewAtFirstMatch = true;

        AccountRules.Judge(state, Snapshot(newness: 9), 1);

        Assert.Equal(Verdict.Allow, state.Verdict);
    }

    [Fact]
    public void Judge_OfAnAccountThatTakesItsTurn_NeedsMatchesAtBothEnds()
    {
        var both = Member(template: 8);
        var head = Member(template: 8);
        both.Case!.Slots[0].Timing = head.Case!.Slots[0].Timing = true;
        head.Case.Slots[0].Classes = 1;

        AccountRules.Judge(both, Snapshot(), 1);
        AccountRules.Judge(head, Snapshot(), 1);

        Assert.Equal((Verdict.Throttle, Verdict.Challenge), (both.Verdict, head.Verdict));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(80)]
    public void Judge_OnLinksOfAnyWeight_NeverBlocks(float weight)
    {
        var state = Member(weight, weight, weight, weight);
        state.Case!.Slots[0].Timing = true;

        AccountRules.Judge(state, Snapshot(prior: 0), 1);

        Assert.Equal(Verdict.Throttle, state.Verdict);
    }

    [Fact]
    public void Judge_AsTheScoreFalls_KeepsTheVerdictUntilItsRelease()
    {
        var state = Member(template: 6, payment: 5);
        AccountRules.Judge(state, Snapshot(prior: -4), 1);

        var atOne = AccountRules.Judge(state, Snapshot(prior: -12), 2);
        var kept = state.Verdict;
        var below = AccountRules.Judge(state, Snapshot(prior: -14), 3);

        Assert.Null(atOne);
        Assert.Equal(Verdict.Throttle, kept);
        Assert.Equal((Verdict.Allow, 2), (below!.Verdict, below.Number));
        Assert.Empty(below.Reasons);
    }

    [Fact]
    public void Judge_OfAMemberOfAWatchedCampaign_Allows()
    {
        var state = Member(8, 8, 8, 8);

        Assert.Null(AccountRules.Judge(state, Snapshot(active: false), 1));
        Assert.Equal(Verdict.Allow, state.Verdict);
    }

    [Fact]
    public void Apply_WhenTheCampaignLapsed_ReleasesItsMember()
    {
        var state = Member(template: 8, payment: 8);
        AccountRules.Judge(state, Snapshot(), 1);

        var reply = AccountRules.Apply(state, new AccountCall(Account, [new Standing(Account, First, StandingChange.Changed, false, default)], [], 9), Snapshot(active: false));

        var decision = Assert.Single(reply.Decisions);
        Assert.Equal((Verdict.Allow, 9L), (decision.Verdict, decision.Time));
    }

    [Fact]
    public void Apply_WhenItsCampaignBecamePartOfAnother_KeepsTheVerdictUnderTheOthersName()
    {
        var state = Member(template: 6, payment: 5);
        AccountRules.Judge(state, Snapshot(), 1);

        var reply = AccountRules.Apply(state, new AccountCall(Account, [new Standing(Account, First, StandingChange.Moved, false, Second)], [], 9), Snapshot(prior: -12, campaigns: Second));

        var decision = Assert.Single(reply.Decisions);
        Assert.Equal((Verdict.Throttle, Second.ToString()), (decision.Verdict, decision.Campaign));
        Assert.Equal(Second, state.Case!.Slots[0].Campaign);
    }

    [Fact]
    public void Apply_WhenItJoinedWhatIsPartOfAnotherByNow_AnswersTheOther()
    {
        var state = new AccountState(Account) { Name = "someone" };
        Standing[] standings = [new(Account, First, StandingChange.Joined, false, default), new(Account, First, StandingChange.Moved, false, Second)];

        var reply = AccountRules.Apply(state, new AccountCall(Account, standings, [], 9), Snapshot());
        var again = AccountRules.Apply(state, new AccountCall(Account, [new(Account, Second, StandingChange.Joined, false, default)], [], 9), Snapshot());

        Assert.Equal(Second, Assert.Single(reply.Joined).Campaign);
        Assert.Empty(again.Joined);
    }

    [Fact]
    public void Judge_OfABannedMember_BlocksAndNamesTheBanFirst()
    {
        var state = Member(template: 8, payment: 8);
        state.Banned = true;

        var decision = AccountRules.Judge(state, Snapshot(), 1);

        Assert.Equal((Verdict.Block, 1.0), (decision!.Verdict, decision.Score));
        Assert.Equal([ReasonCode.ExternalBan, ReasonCode.CampaignTemplate, ReasonCode.Shared], decision.Reasons.Take(3).Select(r => r.Code).Order().Reverse());
        Assert.Equal(ReasonCode.ExternalBan, decision.Reasons[0].Code);
    }
}
