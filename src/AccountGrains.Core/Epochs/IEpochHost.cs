using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>The reports of one fingerprint in one epoch.</summary>
/// <param name="Fingerprint">Which.</param>
/// <param name="Earlier">Tokens of the accounts that the first-seen table kept, when the fingerprint is new.</param>
/// <param name="Reports">The reports, by account.</param>
public sealed record FingerprintCall(Fingerprint Fingerprint, uint[] Earlier, IReadOnlyList<Report> Reports);

/// <summary>What one campaign gets at the end of an epoch.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Founding">The proposal that founds it; null when it exists.</param>
/// <param name="Input">What it works on.</param>
public sealed record CampaignCall(CampaignId Campaign, Proposal? Founding, CampaignInput Input);

/// <summary>What one account is told at the end of an epoch.</summary>
/// <param name="Account">Whom.</param>
/// <param name="Standings">Where it stands with campaigns.</param>
/// <param name="Links">What it shares.</param>
public sealed record AccountCall(AccountId Account, IReadOnlyList<Standing> Standings, IReadOnlyList<LinkNotice> Links);

/// <summary>What an account says back.</summary>
/// <param name="Decisions">Its changes of verdict.</param>
/// <param name="Joined">The campaigns that it learned to be a member of, and what it says to them.</param>
public sealed record AccountReply(IReadOnlyList<Decision> Decisions, IReadOnlyList<(CampaignId Campaign, JoinReply Reply)> Joined);

/// <summary>What became of merging one campaign into another.</summary>
/// <param name="Signature">The signature of the one that stays.</param>
/// <param name="Standings">Whom to tell that it moved.</param>
public sealed record MergerOutcome(CampaignSignature Signature, IReadOnlyList<Standing> Standings);

/// <summary>
/// Where accounts, fingerprints and campaigns live, as the end of an epoch needs it. A result of null says that the message was not acknowledged: it is
/// sent again at the next epoch's end.
/// </summary>
public interface IEpochHost
{
    /// <summary>Delivers reports to fingerprints.</summary>
    ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, PopulationView population, Policy policy);

    /// <summary>Asks fingerprints how many accounts show them.</summary>
    ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints);

    /// <summary>Finds places for proposals.</summary>
    ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end);

    /// <summary>Works the end of an epoch of campaigns.</summary>
    ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, PopulationView population, Policy policy);

    /// <summary>Stores a campaign that split off.</summary>
    ValueTask AdoptAsync(Campaign part);

    /// <summary>Tells the index what became of campaigns; says which are one now.</summary>
    ValueTask<IReadOnlyList<Merger>> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end);

    /// <summary>Merges two campaigns.</summary>
    ValueTask<MergerOutcome> MergeAsync(Merger merger, long end, PopulationView population, Policy policy);

    /// <summary>Campaigns that fell silent, and those beyond the limit.</summary>
    ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)> SweepAsync(long end, Policy policy);

    /// <summary>Dissolves campaigns beyond the limit; says whom to tell.</summary>
    ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns);

    /// <summary>Makes a snapshot the one that verdicts read.</summary>
    void Publish(Snapshot snapshot);

    /// <summary>Tells accounts where they stand.</summary>
    ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls, long end);

    /// <summary>Tells campaigns what their new members said.</summary>
    ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies);
}
