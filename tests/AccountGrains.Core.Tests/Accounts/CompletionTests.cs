using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

/// <summary>Under which labels a campaign counts what a completion brings.</summary>
public sealed class CompletionTests
{
    [Fact]
    public void Completion_WithoutLabels_CountsUnderThoseOfTheRequest()
    {
        var state = Member(template: 8);
        Observe(state, Input(ObservationType.Request, 1, "reasoning", "large"));

        var told = Observe(state, Input(ObservationType.Completion, 1, null, null) with { OutputTokens = 70 });

        Assert.Equal(("reasoning", "large", 70L), (told!.Capability, told.Model, told.OutputTokens));
    }

    [Fact]
    public void Completion_WithLabels_CountsUnderItsOwn()
    {
        var state = Member(template: 8);
        Observe(state, Input(ObservationType.Request, 1, "reasoning", null));

        var told = Observe(state, Input(ObservationType.Completion, 1, "coding", "small") with { OutputTokens = 70 });

        Assert.Equal(("coding", "small", 70L), (told!.Capability, told.Model, told.OutputTokens));
    }

    [Fact]
    public void Completion_AfterTheAccountWasStored_StillKnowsTheLabels()
    {
        var state = Member(template: 8);
        Observe(state, Input(ObservationType.Request, 1, "reasoning", "large"));
        state = AccountState.Read(Account, state.Name, state.Write());

        var told = Observe(state, Input(ObservationType.Completion, 1, null, null) with { OutputTokens = 70 });

        Assert.Equal(("reasoning", "large"), (told!.Capability, told.Model));
    }

    [Theory]
    [InlineData("coding", "coding", "coding:1")]
    [InlineData("coding", "grading", "coding:1")]
    [InlineData(null, "coding", "coding:1")]
    [InlineData("coding", null, "coding:1")]
    [InlineData(null, null, "")]
    public void Capability_OfARequestAndItsCompletions_CountsOnce(string? request, string? completion, string expected)
    {
        var state = new AccountState(Account);
        Observe(state, Input(ObservationType.Request, 1, request, null) with { OutputTokens = 5, Status = 200 });

        for (var i = 0; i < 2; i++) Observe(state, Input(ObservationType.Completion, 1, completion, null));

        Assert.Equal(expected, Counted(state));
    }

    [Fact]
    public void Capability_OfACompletionAlone_Counts()
    {
        var state = new AccountState(Account);

        Observe(state, Input(ObservationType.Completion, 9, "coding", null));

        Assert.Equal("coding:1", Counted(state));
    }

    private static MemberActivity? Observe(AccountState state, in AccountInput input) => AccountRules.Observe(state, input, Snapshot()).First;

    private static AccountInput Input(ObservationType type, ulong request, string? capability, string? model) =>
        Traffic.Input("someone", type, Traffic.Start + 1) with { Request = request, Capability = capability, Model = model };

    private static string Counted(AccountState state) => string.Join(' ', state.Behaviour.At(0).Capabilities.Select(c => $"{c.Name}:{c.Count}"));
}
