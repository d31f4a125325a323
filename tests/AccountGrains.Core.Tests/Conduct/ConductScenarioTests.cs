using AccountGrains.Core.Accounts;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Conduct;

/// <summary>
/// Each signal of an account's own behaviour: it makes an account that a campaign suspects a step stricter, that step goes when it is taken away, the innocent who
/// do the same are not a step stricter, and by itself it restricts nobody.
/// </summary>
public sealed class ConductScenarioTests
{
    public static TheoryData<ConductSignal, float> Signals => new()
    {
        { ConductSignal.Rate, -9 },
        { ConductSignal.Tokens, -9 },
        { ConductSignal.NoRamp, -9 },

        // What is more than a plan's accounts use is many tokens too: only what is above that counts here.
        { ConductSignal.PlanUse, -10.9f },
        { ConductSignal.NoRhythm, -9 },
        { ConductSignal.Repetition, -9 },
        { ConductSignal.Focus, -9 },
        { ConductSignal.Elicitation, -9 },
        { ConductSignal.Pivot, -9 },
    };

    [Theory]
    [MemberData(nameof(Signals))]
    public void Judge_OfASuspectWhoBehavesStrangely_IsAStepStricterByIt(ConductSignal signal, float prior)
    {
        var name = $"strange-{signal}";

        Assert.Equal(Verdict.Throttle, Suspected(name, Policy.Default, prior).Verdict);
        Assert.Equal(Verdict.Challenge, Suspected(name, Without(signal), prior).Verdict);
        Assert.Equal(Verdict.Challenge, Suspected(name, Policy.Default with { ConductCap = 0 }, prior).Verdict);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public void Judge_OfASuspectWhoBehavesStrangely_SaysWhatIsNormal(ConductSignal signal, float prior)
    {
        var reasons = Suspected($"strange-{signal}", Policy.Default, prior).Case!.Reasons;

        var reason = Assert.Single(reasons, r => r.Name.StartsWith("own-", StringComparison.Ordinal) && r.Name != "own-behaviour");
        Assert.True(reason.Weight is > 0.6f and <= 3);
        Assert.True(reason.Seen > reason.Expected, reason.Detail);
        Assert.Contains(reason.Seen.ToString(System.Globalization.CultureInfo.InvariantCulture), reason.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machine-7", -9)]
    [InlineData("machine-7", -10.9f)]
    [InlineData("person-30", -9)]
    [InlineData("migrated", -9)]
    public void Judge_OfASuspectWhoDoesWhatItsPlanDoes_IsNoStepStricter(string name, float prior) => Assert.Equal(Verdict.Challenge, Suspected(name, Policy.Default, prior).Verdict);

    [Fact]
    public void Of_AnAccountThatIsSuspected_AllocatesNothing()
    {
        var (behaviour, norms) = (PlanWorld.One.Copy("strange-Rate").Behaviour, PlanWorld.One.Norms);

        Assert.Equal(0, Allocation.Of(() => ConductEvidence.Of(behaviour, norms, Policy.Default)));
    }

    [Fact]
    public void Observe_OfAllThatIsStrange_RestrictsNobodyByItself() => Assert.Empty(PlanWorld.One.Restricted);

    [Theory]
    [MemberData(nameof(Signals))]
    public void Judge_OfAStrangerToTheCampaign_AllowsWhateverItDoes(ConductSignal signal, float prior)
    {
        var state = PlanWorld.One.Copy($"strange-{signal}");
        var slot = state.OpenCase().Open(First, Traffic.Start)!;
        (slot.Member, slot.Matched, slot.Requests, slot.Own, slot.Classes) = (true, 3, 3, 2, 3);

        AccountRules.Judge(state, SnapshotOf(Policy.Default, prior + 20), state.Behaviour.LastSeen);

        Assert.Equal(Verdict.Allow, state.Verdict);
    }

    private static AccountState Suspected(string name, Policy policy, float prior)
    {
        var state = PlanWorld.One.Copy(name);
        var slot = state.OpenCase().Open(First, Traffic.Start)!;
        (slot.Member, slot.Matched, slot.Requests, slot.Own, slot.Classes) = (true, 3, 3, 2, 3);
        Link(slot, 2, FingerprintKind.Payment, 5);
        Link(slot, 4, FingerprintKind.Template, 6);
        AccountRules.Judge(state, SnapshotOf(policy, prior), state.Behaviour.LastSeen);
        return state;
    }

    private static Snapshot SnapshotOf(Policy policy, float prior) =>
        Core.Correlation.Snapshot.Empty(policy).Next(policy, new PopulationView(10_000, 100), [Signature(First, prior: prior)], [], null, PlanWorld.One.Norms);

    private static Policy Without(ConductSignal signal) => signal switch
    {
        ConductSignal.Rate => Policy.Default with { RateFactor = 0 },
        ConductSignal.Tokens => Policy.Default with { TokensFactor = 0 },
        ConductSignal.NoRamp => Policy.Default with { NoRampFactor = 0 },
        ConductSignal.PlanUse => Policy.Default with { PlanUseFactor = 0 },
        ConductSignal.NoRhythm => Policy.Default with { NoRhythmFactor = 0 },
        ConductSignal.Repetition => Policy.Default with { RepetitionFactor = 0 },
        ConductSignal.Focus => Policy.Default with { FocusFactor = 0 },
        ConductSignal.Elicitation => Policy.Default with { ElicitationFactor = 0 },
        ConductSignal.Pivot => Policy.Default with { PivotFactor = 0 },
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    };
}
