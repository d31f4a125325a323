using AccountGrains.Core.Conduct;

namespace AccountGrains.Core.Policies;

/// <summary>Whether verdicts restrict anybody.</summary>
public enum EnforcementMode : byte
{
    /// <summary>Verdicts are meant.</summary>
    Enforce = 0,

    /// <summary>Every verdict is allow; what it would have been is said beside it.</summary>
    Shadow = 1,
}

/// <summary>
/// All that detection and verdicts depend on beside the evidence: immutable, swapped whole, named by its version in every decision.
/// Weights and scores are in nats (natural logarithms of odds); the defaults are those of the reference algorithm.
/// </summary>
public sealed record Policy
{
    private const int DefaultLinkHalfLife = 693;

    /// <summary>The policy that holds when none is configured.</summary>
    public static Policy Default { get; } = new();

    /// <summary>Grows with each reload; 1 is the first.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Enforce, or only show what would be done.</summary>
    public EnforcementMode Mode { get; init; } = EnforcementMode.Enforce;

    /// <summary>Log-odds of membership from which an account is challenged: 2 is 7 to 1.</summary>
    public double ChallengeScore { get; init; } = 2;

    /// <summary>Log-odds of membership from which an account is throttled: 4.6 is 99 to 1.</summary>
    public double ThrottleScore { get; init; } = 4.6;

    /// <summary>Log-odds of membership below which a challenge or throttle is lifted; lower than where it begins, so that verdicts do not flutter.</summary>
    public double ReleaseScore { get; init; }

    /// <summary>The weight from which a value (address, card, client) links an account to a campaign.</summary>
    public double ValueWeight { get; init; } = 3;

    /// <summary>The weight from which a template token belongs to a campaign's signature.</summary>
    public double TokenWeight { get; init; } = 3;

    /// <summary>The most that one family can weigh.</summary>
    public double FamilyCap { get; init; } = 8;

    /// <summary>What evidence of the network: addresses, prefixes, hopping counts for: 1 as it is, 0 not at all.</summary>
    public double NetworkFactor { get; init; } = 1;

    /// <summary>What evidence of the client counts for: 1 as it is, 0 not at all.</summary>
    public double ClientFactor { get; init; } = 1;

    /// <summary>What evidence of payment instruments counts for: 1 as it is, 0 not at all.</summary>
    public double PaymentFactor { get; init; } = 1;

    /// <summary>What evidence of devices counts for: 1 as it is, 0 not at all.</summary>
    public double DeviceFactor { get; init; } = 1;

    /// <summary>What evidence of sign-ups counts for: 1 as it is, 0 not at all.</summary>
    public double IdentityFactor { get; init; } = 1;

    /// <summary>What evidence of prompts counts for: 1 as it is, 0 not at all.</summary>
    public double TemplateFactor { get; init; } = 1;

    /// <summary>What evidence of acting together: turns and bursts counts for: 1 as it is, 0 not at all.</summary>
    public double TimingFactor { get; init; } = 1;

    /// <summary>What evidence of an account's own share of the campaign's work counts for: 1 as it is, 0 not at all.</summary>
    public double OwnFactor { get; init; } = 1;

    /// <summary>The most that an account's own conduct, compared with that of its plan, can weigh beside what links it to a campaign, in nats; 0 for nothing.</summary>
    public double ConductCap { get; init; } = 3;

    /// <summary>What it counts for that an account sends more than its plan does: 1 as it is, 0 not at all.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>What it counts for that an account takes more tokens than its plan does: 1 as it is, 0 not at all.</summary>
    public double TokensFactor { get; init; } = 1;

    /// <summary>What it counts for that an account began at full rate: 1 as it is, 0 not at all.</summary>
    public double NoRampFactor { get; init; } = 1;

    /// <summary>What it counts for that an account uses as much as a higher plan: 1 as it is, 0 not at all.</summary>
    public double PlanUseFactor { get; init; } = 1;

    /// <summary>What it counts for that an account has no daily rhythm: 1 as it is, 0 not at all.</summary>
    public double NoRhythmFactor { get; init; } = 1;

    /// <summary>What it counts for that an account's prompts begin alike: 1 as it is, 0 not at all.</summary>
    public double RepetitionFactor { get; init; } = 1;

    /// <summary>What it counts for that an account asks for one thing: 1 as it is, 0 not at all.</summary>
    public double FocusFactor { get; init; } = 1;

    /// <summary>What it counts for that an account asks for the reasoning itself: 1 as it is, 0 not at all.</summary>
    public double ElicitationFactor { get; init; } = 1;

    /// <summary>What it counts for that an account went over to a new model more than others on the same day: 1 as it is, 0 not at all.</summary>
    public double PivotFactor { get; init; } = 1;

    /// <summary>What things issued to one account and presented by another count for: 1 as they are, 0 not at all.</summary>
    public double ArtefactFactor { get; init; } = 1;

    /// <summary>What it counts for that an account begins right after one of a campaign's was banned: 1 as it is, 0 not at all.</summary>
    public double SuccessionFactor { get; init; } = 1;

    /// <summary>How long after a ban an account begins right after it, in milliseconds.</summary>
    public long SuccessionWindow { get; init; } = 3_600_000;

    /// <summary>What it counts for that a campaign's accounts are banned elsewhere: 1 as it is, 0 not at all.</summary>
    public double BanFactor { get; init; } = 1;

    /// <summary>What it counts for that a campaign's accounts are replaced after a ban, and send as much as before: 1 as it is, 0 not at all.</summary>
    public double ConservationFactor { get; init; } = 1;

    /// <summary>The share of accounts that are banned elsewhere, at most.</summary>
    public double BanShare { get; init; } = 0.01;

    /// <summary>What it speaks for an account that operators restored it, in nats: so much of a campaign's work it has to do anew before it is restricted; 0 for nothing.</summary>
    public double RestoreWeight { get; init; } = 4;

    /// <summary>What accounts outside count for in the weight of what members share: 1 as they are, 0 not at all, so that the most popular thing weighs as much as the rarest.</summary>
    public double PopularityFactor { get; init; } = 1;

    /// <summary>How many families, the template among them, have to link an account before it is restricted; with 1 any one does, which shows what the rule is worth.</summary>
    public int FamiliesNeeded { get; init; } = 2;

    /// <summary>What it weighs that an account takes its turn in a campaign, in nats.</summary>
    public double TurnsWeight { get; init; } = 4;

    /// <summary>What it weighs that an account comes when a campaign's members act together, in nats.</summary>
    public double BurstsWeight { get; init; } = 6;

    /// <summary>What it adds to a campaign's evidence that its members take turns or act together, in nats.</summary>
    public double RhythmTotal { get; init; } = 6;

    /// <summary>The share of a campaign's members that a family must link before it counts for anybody.</summary>
    public double FamilyCoverage { get; init; } = 0.2;

    /// <summary>The share of a campaign's members that must have a signature token.</summary>
    public double SignatureCoverage { get; init; } = 0.02;

    /// <summary>The significance that one family needs in a cohort test.</summary>
    public double CohortFamilyFloor { get; init; } = 8;

    /// <summary>The enrichment that a value needs in a cohort test.</summary>
    public double CohortEffect { get; init; } = 2;

    /// <summary>The significance that a cohort needs over all families.</summary>
    public double CohortThreshold { get; init; } = 12;

    /// <summary>The surprise, in nats, at which accounts that share one template share others too, from which they are watched.</summary>
    public double WatchThreshold { get; init; } = 3.2;

    /// <summary>The share of the population up to which accounts that repeat a template are watched for that alone.</summary>
    public double WatchedShare { get; init; } = 0.05;

    /// <summary>The most accounts that may have a device before it no longer makes a ring of those that have it.</summary>
    public int PairHolders { get; init; } = 8;

    /// <summary>The most members of a campaign that nothing but a template joins.</summary>
    public int UnprovedMembers { get; init; } = 200;

    /// <summary>The number of accounts from which a ring that devices join is more likely one operation's than not.</summary>
    public int RingMembers { get; init; } = 8;

    /// <summary>The share of members that must hop through three networks for their exits to be a proof.</summary>
    public double HopCover { get; init; } = 0.6;

    /// <summary>How many times that share must be the population's.</summary>
    public double HopRatio { get; init; } = 3;

    /// <summary>The surprise, in nats, of members meeting at addresses that hardly anybody else uses.</summary>
    public double MeetingSurprise { get; init; } = 12;

    /// <summary>The surprise, in nats beyond that of the most surprising of all active accounts, from which an account that comes when a campaign's members do is taken in.</summary>
    public double MomentSurprise { get; init; } = 1;

    /// <summary>How many times as often as by chance members must meet in one moment for it to be a burst.</summary>
    public double BurstRatio { get; init; } = 5;

    /// <summary>The surprise, in nats, of members meeting at the same moments that proves that they act together.</summary>
    public double BurstSurprise { get; init; } = 12;

    /// <summary>The surprise, in nats, from which a watched cohort takes in who comes at its moments.</summary>
    public double GatherSurprise { get; init; } = 6;

    /// <summary>The share of a token's holders that must be members before it tells a member's request from others.</summary>
    public double PhraseShare { get; init; } = 0.3;

    /// <summary>The same where members provably act together.</summary>
    public double PhraseShareTogether { get; init; } = 0.15;

    /// <summary>The share of an account's requests that are a campaign's work from which it asks to be a member.</summary>
    public double JoinShare { get; init; } = 0.6;

    /// <summary>The share of a member's requests that are the campaign's work, if it is one.</summary>
    public double WorkShare { get; init; } = 0.65;

    /// <summary>The share of a bystander's requests that match a house prompt that everybody there uses.</summary>
    public double WorkChance { get; init; } = 0.45;

    /// <summary>The share of a member's requests that are the campaign's work, if it is proved or its accounts are new.</summary>
    public double LenientShare { get; init; } = 0.5;

    /// <summary>The share of a bystander's requests that match then.</summary>
    public double LenientChance { get; init; } = 0.25;

    /// <summary>How much of the others' share of matched requests a group of members must have, or what it shares is no evidence.</summary>
    public double BlockRatio { get; init; } = 0.75;

    /// <summary>By how many standard errors a group must match less for that.</summary>
    public double BlockDeviations { get; init; } = 3;

    /// <summary>The share of the smaller campaign's phrases that another must have to be the same.</summary>
    public double MergeTokens { get; init; } = 0.5;

    /// <summary>The same where the members of both provably act together.</summary>
    public double MergeTokensTogether { get; init; } = 0.25;

    /// <summary>The share of each of two campaigns' members that hold a card of both, from which they are the same.</summary>
    public double MergeCards { get; init; } = 0.4;

    /// <summary>The share of a campaign's prompts that must have a template token before it is its template, and no text that passes through it.</summary>
    public double SignatureRequests { get; init; } = 0.003;

    /// <summary>What all evidence of a campaign must add up to before it is active.</summary>
    public double ActiveTotal { get; init; } = 6;

    /// <summary>The fewest members of an active campaign; an organization counts once.</summary>
    public int ActiveMembers { get; init; } = 5;

    /// <summary>The share of members with a shared card that makes cards a proof of coordination.</summary>
    public double CardCover { get; init; } = 0.4;

    /// <summary>The effective number of shared cards that makes cards a proof.</summary>
    public double CardNumber { get; init; } = 5;

    /// <summary>The same for a cohort that sits in one place.</summary>
    public double CardNumberInOnePlace { get; init; } = 5;

    /// <summary>The collision probability of capabilities from which a target is narrow.</summary>
    public double NarrowTarget { get; init; } = 0.3;

    /// <summary>The weight from which a shared value is told to the accounts that share it.</summary>
    public double LinkWeight { get; init; } = 4;

    /// <summary>The chance that two accounts of one operator share a value: the ρ of a weight <c>ln(ρ/q)</c>.</summary>
    public double SharingChance { get; init; } = 0.9;

    /// <summary>
    /// Accounts that the population is taken to have more for cards and devices: what is known of them before anything was seen is that hardly
    /// anybody shares one. It matters only while the population is small.
    /// </summary>
    public double CardPrior { get; init; } = 2_000;

    /// <summary>The share of the population from which a fingerprint is too common to report.</summary>
    public double CommonShare { get; init; } = 0.02;

    /// <summary>The number of accounts below which no fingerprint is too common to report.</summary>
    public int CommonFloor { get; init; } = 20_000;

    /// <summary>Half-life of what links an account to a campaign, in requests that do not show it again.</summary>
    public int LinkHalfLife
    {
        get;
        init
        {
            field = value;
            LinkFading = FadingOf(value);
        }
    } = DefaultLinkHalfLife;

    /// <summary>What is left of a link's weight after a request that does not show it: asked for at each request of who stands with a campaign.</summary>
    internal float LinkFading { get; private init; } = FadingOf(DefaultLinkHalfLife);

    /// <summary>Half-life of the rate at which new accounts show a fingerprint, in milliseconds.</summary>
    public long BurstHalfLife { get; init; } = 3_600_000;

    /// <summary>The time after which an account reports its fingerprints again, in milliseconds.</summary>
    public long RefreshInterval { get; init; } = 6 * 3_600_000L;

    /// <summary>The time after which a campaign without members' requests is dormant, in milliseconds.</summary>
    public long DormantAfter { get; init; } = 7 * 86_400_000L;

    /// <summary>The time after which evidence that was not seen again no longer counts, in milliseconds.</summary>
    public long EvidenceExpiry { get; init; } = 7 * 86_400_000L;

    /// <summary>The most campaigns kept, watched ones included; the smallest watched ones make way.</summary>
    public int CampaignLimit { get; init; } = 2_000;

    /// <summary>The most members of one campaign.</summary>
    public int MemberLimit { get; init; } = 25_000;

    /// <summary>The population that the weight of a kind of fingerprint is measured against.</summary>
    public double PopulationFor(FingerprintKind kind, double active) =>
        kind is FingerprintKind.Payment or FingerprintKind.Device ? active + CardPrior : active;

    /// <summary>What evidence of a family counts for.</summary>
    public double FactorOf(EvidenceFamily family) => family switch
    {
        EvidenceFamily.Network => NetworkFactor,
        EvidenceFamily.Client => ClientFactor,
        EvidenceFamily.Payment => PaymentFactor,
        EvidenceFamily.Device => DeviceFactor,
        EvidenceFamily.Identity => IdentityFactor,
        EvidenceFamily.Template => TemplateFactor,
        EvidenceFamily.Artefact => ArtefactFactor,
        EvidenceFamily.Timing => TimingFactor,
        _ => 1,
    };

    /// <summary>What a signal of an account's own conduct counts for.</summary>
    public double FactorOf(ConductSignal signal) => signal switch
    {
        ConductSignal.Rate => RateFactor,
        ConductSignal.Tokens => TokensFactor,
        ConductSignal.NoRamp => NoRampFactor,
        ConductSignal.PlanUse => PlanUseFactor,
        ConductSignal.NoRhythm => NoRhythmFactor,
        ConductSignal.Repetition => RepetitionFactor,
        ConductSignal.Focus => FocusFactor,
        ConductSignal.Elicitation => ElicitationFactor,
        ConductSignal.Pivot => PivotFactor,
        _ => 0,
    };

    /// <summary>How long an account that is throttled should wait, in seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 30;

    private static float FadingOf(int halfLife) => MathF.Pow(2, -1f / halfLife);
}
