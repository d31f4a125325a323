using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Http.Views;

/// <summary>What an account shares with others.</summary>
/// <param name="Fingerprint">What.</param>
/// <param name="Seen">By how many accounts when it was told last.</param>
/// <param name="Expected">By how many it would be by chance.</param>
/// <param name="Weight">What that is worth, in nats.</param>
internal sealed record LinkView(string Fingerprint, int Seen, double Expected, double Weight)
{
    public static LinkView Of(LinkNotice link) => new(link.Fingerprint.ToString(), link.Seen, Math.Round(link.Expected, 6), Math.Round(link.Weight, 4));
}

/// <summary>Where an account stands with a campaign.</summary>
/// <param name="Id">Which campaign.</param>
/// <param name="Member">True when the campaign counts it as a member.</param>
/// <param name="Requests">Its requests since it was first seen with it.</param>
/// <param name="Matched">Those of them that are the campaign's work.</param>
/// <param name="Probability">The probability that it belongs.</param>
internal sealed record StandingView(string Id, bool Member, int Requests, int Matched, double Probability)
{
    public static StandingView Of(CampaignSlot slot) =>
        new(slot.Campaign.ToString(), slot.Member, slot.Requests, slot.Matched, Math.Round(Likelihood.Probability(slot.Score), 4));
}

/// <summary>The verdict in force.</summary>
internal sealed record StandingVerdictView
{
    /// <summary>What to do.</summary>
    public required string Verdict { get; init; }

    /// <summary>What the verdict would have been, in shadow mode.</summary>
    public string? ShadowVerdict { get; init; }

    /// <summary>The id of the decision in force.</summary>
    public required string DecisionId { get; init; }

    /// <summary>True when its record is stored.</summary>
    public bool Durable { get; init; }

    /// <summary>When it was made; left out for the allow that every account starts with.</summary>
    public string? Since { get; init; }

    /// <summary>The probability that it rests on.</summary>
    public double Score { get; init; }

    /// <summary>The campaign that it rests on.</summary>
    public string? Campaign { get; init; }

    /// <summary>Why, strongest first.</summary>
    public IReadOnlyList<ReasonView>? Reasons { get; init; }

    /// <summary><c>enforce</c> or <c>shadow</c>.</summary>
    public required string Mode { get; init; }

    public static StandingVerdictView Of(AccountState account, bool durable, EnforcementMode mode) => new()
    {
        Verdict = Json.Name(mode == EnforcementMode.Shadow ? Core.Verdict.Allow : account.Verdict),
        ShadowVerdict = mode == EnforcementMode.Shadow ? Json.Name(account.Verdict) : null,
        DecisionId = account.DecisionId,
        Durable = durable,
        Since = Json.TimeOrNull(account.DecidedAt),
        Score = Math.Round(account.Score, 4),
        Campaign = account.Campaign.IsNone ? null : account.Campaign.ToString(),
        Reasons = account.Case is not { Reasons.Count: > 0 } file ? null : [.. file.Reasons.Select(ReasonView.Of)],
        Mode = Json.Name(mode),
    };
}

/// <summary>All that is known of an account.</summary>
internal sealed record AccountView
{
    /// <summary>Its name.</summary>
    public required string Account { get; init; }

    /// <summary>Its last event: what is said holds as of then.</summary>
    public required string AsOf { get; init; }

    /// <summary>Its first event.</summary>
    public required string FirstSeen { get; init; }

    /// <summary>When it was opened, if that was seen.</summary>
    public string? SignupAt { get; init; }

    /// <summary>Its plan.</summary>
    public string? Plan { get; init; }

    /// <summary>Rates, totals, distinct counts and rhythm.</summary>
    public required BehaviourItem Behaviour { get; init; }

    /// <summary>Its last payment instrument, and all that it shares with others or with a campaign, by kind.</summary>
    public IReadOnlyList<string>? Fingerprints { get; init; }

    /// <summary>What it shares with others more than chance allows, strongest first.</summary>
    public IReadOnlyList<LinkView>? Links { get; init; }

    /// <summary>Where it stands with campaigns.</summary>
    public IReadOnlyList<StandingView>? Campaigns { get; init; }

    /// <summary>The verdict in force.</summary>
    public required StandingVerdictView Verdict { get; init; }

    /// <summary>Its decisions, newest first, at most 50.</summary>
    public IReadOnlyList<DecisionView>? Decisions { get; init; }

    public static AccountView Of(AccountState account, IReadOnlyList<Decision> decisions, EnforcementMode mode, byte keyId)
    {
        var behaviour = account.Behaviour.At(account.Behaviour.LastSeen);
        var durable = account.DecisionNumber == 0 || (decisions.Count > 0 && decisions[0].Number >= account.DecisionNumber);
        return new AccountView
        {
            Account = account.Name,
            AsOf = Json.Time(behaviour.LastSeen),
            FirstSeen = Json.Time(behaviour.FirstSeen),
            SignupAt = Json.TimeOrNull(behaviour.SignupAt ?? 0),
            Plan = behaviour.Plan,
            Behaviour = BehaviourItem.Of(behaviour),
            Fingerprints = account.Fingerprints(keyId) is { Count: > 0 } shown ? [.. shown.Select(f => f.ToString())] : null,
            Links = account.Case is not { Links.Count: > 0 } linked ? null : [.. linked.Links.Select(LinkView.Of)],
            Campaigns = account.Case is not { Slots.Count: > 0 } placed ? null : [.. placed.Slots.Select(StandingView.Of)],
            Verdict = StandingVerdictView.Of(account, durable, mode),
            Decisions = decisions.Count == 0 ? null : [.. decisions.Select(DecisionView.Of)],
        };
    }
}
