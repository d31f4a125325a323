using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

/// <summary>Each family by itself: with it the verdict is another than without it, and alone it restricts nobody.</summary>
public sealed class FamilyTests
{
    public static TheoryData<EvidenceFamily> Links => [EvidenceFamily.Network, EvidenceFamily.Client, EvidenceFamily.Payment, EvidenceFamily.Device, EvidenceFamily.Timing, EvidenceFamily.Artefact];

    [Theory]
    [MemberData(nameof(Links))]
    public void Judge_WithTheTemplateAndAFamily_IsThrottledByBoth(EvidenceFamily family)
    {
        Assert.Equal(Verdict.Throttle, VerdictOf(Linked(family, template: 8), Policy.Default));
        Assert.Equal(Verdict.Allow, VerdictOf(Linked(family, template: 8), Without(family)));
        Assert.Equal(Verdict.Allow, VerdictOf(Linked(family, template: 8), Without(EvidenceFamily.Template)));
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Judge_WithAFamilyAlone_Allows(EvidenceFamily family) => Assert.Equal(Verdict.Allow, VerdictOf(Linked(family, template: 0), Policy.Default));

    /// <summary>What the rule of two families is worth: without it a template restricts, and so does a card.</summary>
    [Fact]
    public void Judge_WithOneFamily_RestrictsOnlyWhereOneIsEnough()
    {
        var one = Policy.Default with { FamiliesNeeded = 1 };

        Assert.Equal((Verdict.Allow, Verdict.Throttle), (VerdictOf(Member(template: 8), Policy.Default), VerdictOf(Member(template: 8), one)));
        Assert.Equal((Verdict.Allow, Verdict.Throttle), (VerdictOf(Linked(EvidenceFamily.Payment, template: 0), Policy.Default), VerdictOf(Linked(EvidenceFamily.Payment, template: 0), one)));
    }

    [Fact]
    public void Judge_OfASignUpAmongMany_IsAStepStricterByIt()
    {
        Assert.Equal(Verdict.Throttle, VerdictOf(New(payment: 5), Policy.Default, prior: -9, newness: 9));
        Assert.Equal(Verdict.Challenge, VerdictOf(New(payment: 5), Without(EvidenceFamily.Identity), prior: -9, newness: 9));
        Assert.Equal(Verdict.Allow, VerdictOf(New(payment: 0), Policy.Default, prior: -4, newness: 9));
    }

    [Theory]
    [InlineData(2, -8, Verdict.Throttle, Verdict.Challenge)]
    [InlineData(-3, -4, Verdict.Allow, Verdict.Throttle)]
    public void Judge_ByWhatItDidItself_IsStricterOrMilder(float own, float prior, Verdict expected, Verdict without)
    {
        Assert.Equal(expected, VerdictOf(Member(template: 6, payment: 5, own: own), Policy.Default, prior));
        Assert.Equal(without, VerdictOf(Member(template: 6, payment: 5, own: own), Policy.Default with { OwnFactor = 0 }, prior));
    }

    [Fact]
    public void Judge_ByOwnBehaviourAlone_Allows() => Assert.Equal(Verdict.Allow, VerdictOf(Member(own: 2, matched: 50, requests: 50), Policy.Default, prior: 0));

    [Fact]
    public void Judge_OfAMemberInTime_NamesWhatWasExpected()
    {
        var state = Linked(EvidenceFamily.Timing, template: 8);

        VerdictOf(state, Policy.Default);

        Assert.All(state.Case!.Reasons, r => Assert.True(r.Expected > 0 && r.Expected < r.Seen, r.Detail));
        Assert.Contains(state.Case.Reasons, r => r.Family == EvidenceFamily.Timing);
    }

    [Fact]
    public void Judge_OfAnAccountWithAPublishedArtefact_Allows()
    {
        var state = Member(template: 8);
        Handed(state, seen: 2);
        Handed(state, seen: 60);

        Assert.Equal(Verdict.Allow, VerdictOf(state, Policy.Default));
    }

    [Fact]
    public void Judge_OfAnOrganizationWhoseAccountsHandThingsToEachOther_Allows()
    {
        var state = Member(template: 8);
        Handed(state, seen: 2);
        state.Behaviour.Observe(Traffic.Input("someone", ObservationType.Signup, Traffic.Start) with { Organization = 42 });

        Assert.Equal(Verdict.Allow, VerdictOf(state, Policy.Default));
    }

    [Fact]
    public void Judge_OfAnAccountThatBeganRightAfterABan_IsThrottledByIt()
    {
        var began = Began(Hour / 2);

        Assert.Equal(Verdict.Throttle, VerdictOf(began, Policy.Default, bannedAt: Traffic.Start));
        Assert.Contains(began.Case!.Reasons, r => r is { Name: "campaign-succession", Family: EvidenceFamily.Timing });
        Assert.Equal(Verdict.Allow, VerdictOf(Began(Hour / 2), Policy.Default with { SuccessionFactor = 0 }, bannedAt: Traffic.Start));
        Assert.Equal(Verdict.Allow, VerdictOf(Began(Hour / 2), Policy.Default with { TimingFactor = 0 }, bannedAt: Traffic.Start));
    }

    [Theory]
    [InlineData(2 * Hour, 0, 3, 2)]
    [InlineData(-Hour, 0, 3, 2)]
    [InlineData(Hour / 2, 42, 3, 2)]
    [InlineData(Hour / 2, 0, 1, 1)]
    [InlineData(Hour / 2, 0, 3, -1)]
    public void Judge_OfAnAccountThatBeganAnotherTimeOrDoesOtherWork_Allows(long after, ulong organization, int matched, float own) =>
        Assert.Equal(Verdict.Allow, VerdictOf(Began(after, organization, matched, own), Policy.Default, bannedAt: Traffic.Start));

    private const long Hour = Traffic.Hour;

    private static AccountState Began(long after, ulong organization = 0, int matched = 3, float own = 2)
    {
        var state = Member(template: 8, own: own, matched: matched, requests: 3);
        state.Behaviour.Observe(Traffic.Input("someone", ObservationType.Signup, Traffic.Start + after) with { Organization = organization });
        return state;
    }

    private static void Handed(AccountState state, int seen) => state.Case!.Note(new LinkNotice(Account, new Fingerprint(FingerprintKind.Artefact, 1, 9), seen, 0.01f, 8));

    private static Verdict VerdictOf(AccountState state, Policy policy, float prior = -4, float newness = 0, long bannedAt = 0)
    {
        var snapshot = Core.Correlation.Snapshot.Empty(policy).Next(policy, new PopulationView(10_000, 100), [Signature(First, prior: prior, newness: newness, bannedAt: bannedAt)], [], null);
        AccountRules.Judge(state, snapshot, 1);
        return state.Verdict;
    }

    private static AccountState Linked(EvidenceFamily family, float template)
    {
        var state = Member(template, network: family == EvidenceFamily.Network ? 8 : 0, client: family == EvidenceFamily.Client ? 8 : 0, payment: family == EvidenceFamily.Payment ? 8 : 0);
        if (family == EvidenceFamily.Device) Link(state.Case!.Slots[0], 3, FingerprintKind.Device, 8);
        if (family == EvidenceFamily.Artefact) Handed(state, seen: 2);
        state.Case!.Slots[0].Timing = family == EvidenceFamily.Timing;
        return state;
    }

    private static AccountState New(float payment)
    {
        var state = Member(template: 6, payment: payment);
        state.Case!.Slots[0].NewAtFirstMatch = true;
        return state;
    }

    private static Policy Without(EvidenceFamily family) => family switch
    {
        EvidenceFamily.Network => Policy.Default with { NetworkFactor = 0 },
        EvidenceFamily.Client => Policy.Default with { ClientFactor = 0 },
        EvidenceFamily.Payment => Policy.Default with { PaymentFactor = 0 },
        EvidenceFamily.Device => Policy.Default with { DeviceFactor = 0 },
        EvidenceFamily.Identity => Policy.Default with { IdentityFactor = 0 },
        EvidenceFamily.Template => Policy.Default with { TemplateFactor = 0 },
        EvidenceFamily.Timing => Policy.Default with { TimingFactor = 0 },
        EvidenceFamily.Artefact => Policy.Default with { ArtefactFactor = 0 },
        _ => throw new ArgumentOutOfRangeException(nameof(family)),
    };
}
