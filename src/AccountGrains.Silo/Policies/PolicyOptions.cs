using System.ComponentModel.DataAnnotations;
using AccountGrains.Core.Policies;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Policies;

/// <summary>The thresholds that detection and verdicts follow: section <c>AccountGrains:Policy</c>, reloaded without a restart. Defaults are those of <see cref="Policy.Default"/>.</summary>
internal sealed partial class PolicyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AccountGrains:Policy";

    /// <summary>Log-odds of membership from which an account is challenged; default 2.</summary>
    [Range(-10.0, 100.0)]
    public double ChallengeScore { get; set; } = Policy.Default.ChallengeScore;

    /// <summary>Log-odds of membership from which an account is throttled; default 4.6.</summary>
    [Range(-10.0, 100.0)]
    public double ThrottleScore { get; set; } = Policy.Default.ThrottleScore;

    /// <summary>Log-odds of membership below which a challenge or throttle is lifted; default 0.</summary>
    [Range(-10.0, 100.0)]
    public double ReleaseScore { get; set; } = Policy.Default.ReleaseScore;

    /// <summary>The weight, in nats, from which a value (address, card, client) links an account to a campaign; default 3.</summary>
    [Range(0.0, 100.0)]
    public double ValueWeight { get; set; } = Policy.Default.ValueWeight;

    /// <summary>The weight, in nats, from which a template token belongs to a campaign's signature; default 3.</summary>
    [Range(0.0, 100.0)]
    public double TokenWeight { get; set; } = Policy.Default.TokenWeight;

    /// <summary>The most that one family can weigh, in nats; default 8.</summary>
    [Range(0.0, 100.0)]
    public double FamilyCap { get; set; } = Policy.Default.FamilyCap;

    /// <summary>What evidence of the network: addresses, prefixes, hopping counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double NetworkFactor { get; set; } = Policy.Default.NetworkFactor;

    /// <summary>What evidence of the client counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double ClientFactor { get; set; } = Policy.Default.ClientFactor;

    /// <summary>What evidence of payment instruments counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double PaymentFactor { get; set; } = Policy.Default.PaymentFactor;

    /// <summary>What evidence of devices counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double DeviceFactor { get; set; } = Policy.Default.DeviceFactor;

    /// <summary>What evidence of sign-ups counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double IdentityFactor { get; set; } = Policy.Default.IdentityFactor;

    /// <summary>What evidence of prompts counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double TemplateFactor { get; set; } = Policy.Default.TemplateFactor;

    /// <summary>What evidence of acting together: turns and bursts counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double TimingFactor { get; set; } = Policy.Default.TimingFactor;

    /// <summary>What evidence of an account's own share of the campaign's work counts for: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double OwnFactor { get; set; } = Policy.Default.OwnFactor;

    /// <summary>The most that an account's own conduct, compared with that of its plan, can weigh beside what links it to a campaign, in nats, 0 for nothing; default 3.</summary>
    [Range(0.0, 100.0)]
    public double ConductCap { get; set; } = Policy.Default.ConductCap;

    /// <summary>What it counts for that an account sends more than its plan does: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double RateFactor { get; set; } = Policy.Default.RateFactor;

    /// <summary>What it counts for that an account takes more tokens than its plan does: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double TokensFactor { get; set; } = Policy.Default.TokensFactor;

    /// <summary>What it counts for that an account began at full rate: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double NoRampFactor { get; set; } = Policy.Default.NoRampFactor;

    /// <summary>What it counts for that an account uses as much as a higher plan: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double PlanUseFactor { get; set; } = Policy.Default.PlanUseFactor;

    /// <summary>What it counts for that an account has no daily rhythm: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double NoRhythmFactor { get; set; } = Policy.Default.NoRhythmFactor;

    /// <summary>What it counts for that an account's prompts begin alike: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double RepetitionFactor { get; set; } = Policy.Default.RepetitionFactor;

    /// <summary>What it counts for that an account asks for one thing: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double FocusFactor { get; set; } = Policy.Default.FocusFactor;

    /// <summary>What it counts for that an account asks for the reasoning itself: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double ElicitationFactor { get; set; } = Policy.Default.ElicitationFactor;

    /// <summary>What it counts for that an account went over to a new model more than others on the same day: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double PivotFactor { get; set; } = Policy.Default.PivotFactor;

    /// <summary>What things issued to one account and presented by another count for: 1 as they are, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double ArtefactFactor { get; set; } = Policy.Default.ArtefactFactor;

    /// <summary>What it counts for that an account begins right after one of a campaign's was banned: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double SuccessionFactor { get; set; } = Policy.Default.SuccessionFactor;

    /// <summary>How long after a ban an account begins right after it; default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "2.00:00:00")]
    public TimeSpan SuccessionWindow { get; set; } = TimeSpan.FromMilliseconds(Policy.Default.SuccessionWindow);

    /// <summary>What it counts for that a campaign's accounts are banned elsewhere: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double BanFactor { get; set; } = Policy.Default.BanFactor;

    /// <summary>What it counts for that a campaign's accounts are replaced after a ban, and send as much as before: 1 as it is, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double ConservationFactor { get; set; } = Policy.Default.ConservationFactor;

    /// <summary>The share of accounts that are banned elsewhere, at most; default 0.01.</summary>
    [Range(0.000001, 0.5)]
    public double BanShare { get; set; } = Policy.Default.BanShare;

    /// <summary>What it speaks for an account that operators restored it, in nats: so much of a campaign's work it has to do anew before it is restricted; 0 for nothing, default 4.</summary>
    [Range(0.0, 8.0)]
    public double RestoreWeight { get; set; } = Policy.Default.RestoreWeight;

    /// <summary>What accounts outside count for in the weight of what members share: 1 as they are, 0 not at all; default 1.</summary>
    [Range(0.0, 10.0)]
    public double PopularityFactor { get; set; } = Policy.Default.PopularityFactor;

    /// <summary>How many families, the template among them, have to link an account before it is restricted; default 2. With 1, which only a replay takes, each may do so alone.</summary>
    [Range(1, 8)]
    public int FamiliesNeeded { get; set; } = Policy.Default.FamiliesNeeded;

    /// <summary>What it weighs that an account takes its turn in a campaign, in nats; default 4.</summary>
    [Range(0.0, 100.0)]
    public double TurnsWeight { get; set; } = Policy.Default.TurnsWeight;

    /// <summary>What it weighs that an account comes when a campaign's members act together, in nats; default 6.</summary>
    [Range(0.0, 100.0)]
    public double BurstsWeight { get; set; } = Policy.Default.BurstsWeight;

    /// <summary>What it adds to a campaign's evidence that its members take turns or act together, in nats; default 6.</summary>
    [Range(0.0, 100.0)]
    public double RhythmTotal { get; set; } = Policy.Default.RhythmTotal;

    /// <summary>The share of a campaign's members that a family must link before it counts for anybody; default 0.2.</summary>
    [Range(0.0, 1.0)]
    public double FamilyCoverage { get; set; } = Policy.Default.FamilyCoverage;

    /// <summary>The share of a campaign's members that must have a signature token; default 0.02.</summary>
    [Range(0.0, 1.0)]
    public double SignatureCoverage { get; set; } = Policy.Default.SignatureCoverage;

    /// <summary>The significance, in nats, that one family needs in a cohort test; default 8.</summary>
    [Range(0.0, 1000.0)]
    public double CohortFamilyFloor { get; set; } = Policy.Default.CohortFamilyFloor;

    /// <summary>The enrichment that a value needs in a cohort test; default 2.</summary>
    [Range(0.0, 1000.0)]
    public double CohortEffect { get; set; } = Policy.Default.CohortEffect;

    /// <summary>The significance, in nats, that a cohort needs over all families; default 12.</summary>
    [Range(0.0, 1000.0)]
    public double CohortThreshold { get; set; } = Policy.Default.CohortThreshold;

    /// <summary>The surprise, in nats, at which accounts that share one template share others too, from which they are watched; default 3.2.</summary>
    [Range(0.0, 1000.0)]
    public double WatchThreshold { get; set; } = Policy.Default.WatchThreshold;

    /// <summary>The share of the population up to which accounts that repeat a template are watched for that alone; default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double WatchedShare { get; set; } = Policy.Default.WatchedShare;

    /// <summary>The most accounts that may have a device before it no longer makes a ring of those that have it; default 8.</summary>
    [Range(2, 1000)]
    public int PairHolders { get; set; } = Policy.Default.PairHolders;

    /// <summary>The number of accounts from which a ring that devices join is more likely one operation's than not; default 8.</summary>
    [Range(2, 1_000_000)]
    public int RingMembers { get; set; } = Policy.Default.RingMembers;

    /// <summary>The share of members that must hop through three networks for their exits to be a proof; default 0.6.</summary>
    [Range(0.0, 1.0)]
    public double HopCover { get; set; } = Policy.Default.HopCover;

    /// <summary>How many times that share must be the population's; default 3.</summary>
    [Range(1.0, 1000.0)]
    public double HopRatio { get; set; } = Policy.Default.HopRatio;

    /// <summary>The surprise, in nats, of members meeting at addresses that hardly anybody else uses; default 12.</summary>
    [Range(0.0, 1000.0)]
    public double MeetingSurprise { get; set; } = Policy.Default.MeetingSurprise;

    /// <summary>The surprise, in nats beyond that of the most surprising of all active accounts, from which an account that comes when a campaign's members do is taken in; default 1.</summary>
    [Range(0.0, 1000.0)]
    public double MomentSurprise { get; set; } = Policy.Default.MomentSurprise;

    /// <summary>How many times as often as by chance members must meet in one moment for it to be a burst; default 5.</summary>
    [Range(1.0, 1000.0)]
    public double BurstRatio { get; set; } = Policy.Default.BurstRatio;

    /// <summary>The surprise, in nats, of members meeting at the same moments that proves that they act together; default 12.</summary>
    [Range(0.0, 1000.0)]
    public double BurstSurprise { get; set; } = Policy.Default.BurstSurprise;

    /// <summary>The surprise, in nats, from which a watched cohort takes in who comes at its moments; default 6.</summary>
    [Range(0.0, 1000.0)]
    public double GatherSurprise { get; set; } = Policy.Default.GatherSurprise;

    /// <summary>The share of a token's holders that must be members before it tells a member's request from others; default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double PhraseShare { get; set; } = Policy.Default.PhraseShare;

    /// <summary>The same where members provably act together; default 0.15.</summary>
    [Range(0.0, 1.0)]
    public double PhraseShareTogether { get; set; } = Policy.Default.PhraseShareTogether;

    /// <summary>The share of an account's requests that are a campaign's work from which it asks to be a member; default 0.6.</summary>
    [Range(0.0, 1.0)]
    public double JoinShare { get; set; } = Policy.Default.JoinShare;

    /// <summary>The share of a member's requests that are the campaign's work, if it is one; default 0.65.</summary>
    [Range(0.01, 0.99)]
    public double WorkShare { get; set; } = Policy.Default.WorkShare;

    /// <summary>The share of a bystander's requests that match a house prompt that everybody there uses; default 0.45.</summary>
    [Range(0.01, 0.99)]
    public double WorkChance { get; set; } = Policy.Default.WorkChance;

    /// <summary>The share of a member's requests that are the campaign's work, if it is proved or its accounts are new; default 0.5.</summary>
    [Range(0.01, 0.99)]
    public double LenientShare { get; set; } = Policy.Default.LenientShare;

    /// <summary>The share of a bystander's requests that match then; default 0.25.</summary>
    [Range(0.01, 0.99)]
    public double LenientChance { get; set; } = Policy.Default.LenientChance;

    /// <summary>How much of the others' share of matched requests a group of members must have, or what it shares is no evidence; default 0.75.</summary>
    [Range(0.0, 1.0)]
    public double BlockRatio { get; set; } = Policy.Default.BlockRatio;

    /// <summary>By how many standard errors a group must match less for that; default 3.</summary>
    [Range(0.0, 100.0)]
    public double BlockDeviations { get; set; } = Policy.Default.BlockDeviations;

    /// <summary>The share of the smaller campaign's phrases that another must have to be the same; default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double MergeTokens { get; set; } = Policy.Default.MergeTokens;

    /// <summary>The same where the members of both provably act together; default 0.25.</summary>
    [Range(0.0, 1.0)]
    public double MergeTokensTogether { get; set; } = Policy.Default.MergeTokensTogether;

    /// <summary>The share of each of two campaigns' members that hold a card of both, from which they are the same; default 0.4.</summary>
    [Range(0.0, 1.0)]
    public double MergeCards { get; set; } = Policy.Default.MergeCards;

    /// <summary>The share of a campaign's prompts that must have a template token before it is its template; default 0.003.</summary>
    [Range(0.0, 1.0)]
    public double SignatureRequests { get; set; } = Policy.Default.SignatureRequests;

    /// <summary>The most members of a campaign that nothing but a template joins; default 200.</summary>
    [Range(4, 1_000_000)]
    public int UnprovedMembers { get; set; } = Policy.Default.UnprovedMembers;

    /// <summary>What all evidence of a campaign must add up to, in nats, before it is active; default 6.</summary>
    [Range(0.0, 1000.0)]
    public double ActiveTotal { get; set; } = Policy.Default.ActiveTotal;

    /// <summary>The fewest members of an active campaign; default 5.</summary>
    [Range(2, 1_000_000)]
    public int ActiveMembers { get; set; } = Policy.Default.ActiveMembers;

    /// <summary>The share of members with a shared card that makes cards a proof of coordination; default 0.4.</summary>
    [Range(0.0, 1.0)]
    public double CardCover { get; set; } = Policy.Default.CardCover;

    /// <summary>The effective number of shared cards that makes cards a proof; default 5.</summary>
    [Range(0.0, 1_000_000.0)]
    public double CardNumber { get; set; } = Policy.Default.CardNumber;

    /// <summary>The same for a cohort that sits in one place; default 5.</summary>
    [Range(0.0, 1_000_000.0)]
    public double CardNumberInOnePlace { get; set; } = Policy.Default.CardNumberInOnePlace;

    /// <summary>The collision probability of capabilities from which a target is narrow; default 0.3.</summary>
    [Range(0.0, 1.0)]
    public double NarrowTarget { get; set; } = Policy.Default.NarrowTarget;

    /// <summary>The weight, in nats, from which a shared value is told to the accounts that share it; default 4.</summary>
    [Range(0.0, 100.0)]
    public double LinkWeight { get; set; } = Policy.Default.LinkWeight;

    /// <summary>The chance that two accounts of one operator share a value; default 0.9.</summary>
    [Range(0.001, 1.0)]
    public double SharingChance { get; set; } = Policy.Default.SharingChance;

    /// <summary>Accounts that the population is taken to have more for cards and devices; default 2,000.</summary>
    [Range(0.0, 1_000_000_000.0)]
    public double CardPrior { get; set; } = Policy.Default.CardPrior;

    /// <summary>The share of the population from which a fingerprint is too common to report; default 0.02.</summary>
    [Range(0.0, 1.0)]
    public double CommonShare { get; set; } = Policy.Default.CommonShare;

    /// <summary>The number of accounts below which no fingerprint is too common to report; default 20,000.</summary>
    [Range(0, 1_000_000_000)]
    public int CommonFloor { get; set; } = Policy.Default.CommonFloor;

    /// <summary>Half-life of what links an account to a campaign, in requests that do not show it again; default 693.</summary>
    [Range(1, 1_000_000)]
    public int LinkHalfLife { get; set; } = Policy.Default.LinkHalfLife;

    /// <summary>Half-life of the rate at which new accounts show a fingerprint; default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan BurstHalfLife { get; set; } = TimeSpan.FromMilliseconds(Policy.Default.BurstHalfLife);

    /// <summary>The time after which an account reports its fingerprints again; default 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMilliseconds(Policy.Default.RefreshInterval);

    /// <summary>The time after which a campaign without members' requests is dormant; default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan DormantAfter { get; set; } = TimeSpan.FromMilliseconds(Policy.Default.DormantAfter);

    /// <summary>The time after which evidence that was not seen again no longer counts; default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan EvidenceExpiry { get; set; } = TimeSpan.FromMilliseconds(Policy.Default.EvidenceExpiry);

    /// <summary>The most campaigns kept, watched ones included; default 2,000.</summary>
    [Range(1, 1_000_000)]
    public int CampaignLimit { get; set; } = Policy.Default.CampaignLimit;

    /// <summary>The most members of one campaign; default 25,000.</summary>
    [Range(2, 1_000_000)]
    public int MemberLimit { get; set; } = Policy.Default.MemberLimit;

    /// <summary>How long an account that is throttled should wait, in seconds; default 30.</summary>
    [Range(1, 86_400)]
    public int RetryAfterSeconds { get; set; } = Policy.Default.RetryAfterSeconds;
}

/// <summary>Checks the ranges of <see cref="PolicyOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class PolicyOptionsValidator : IValidateOptions<PolicyOptions>;
