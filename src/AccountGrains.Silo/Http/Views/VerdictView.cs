using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Door;

namespace AccountGrains.Silo.Http.Views;

/// <summary>The answer to an observation.</summary>
internal sealed record VerdictView
{
    /// <summary>The request id, when one was sent.</summary>
    public string? RequestId { get; init; }

    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>What to do: <c>allow</c>, <c>challenge</c>, <c>throttle</c> or <c>block</c>; in shadow mode always <c>allow</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>What the verdict would have been, in shadow mode.</summary>
    public string? ShadowVerdict { get; init; }

    /// <summary>The id of the decision in force.</summary>
    public required string DecisionId { get; init; }

    /// <summary>True when the record of that decision is known to be stored.</summary>
    public required bool Durable { get; init; }

    /// <summary>The campaign that it rests on.</summary>
    public string? Campaign { get; init; }

    /// <summary>The probability that it rests on.</summary>
    public double? Score { get; init; }

    /// <summary>Why, strongest first.</summary>
    public IReadOnlyList<ReasonView>? Reasons { get; init; }

    /// <summary>True when the request was seen before, and not counted again; left out otherwise.</summary>
    public bool? Duplicate { get; init; }

    /// <summary>How long a throttled account should wait.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary><c>enforce</c> or <c>shadow</c>.</summary>
    public required string Mode { get; init; }

    /// <summary><c>live</c>, <c>stale</c> (the last known) or <c>fallback</c> (unknown).</summary>
    public required string State { get; init; }

    /// <summary>What the account said.</summary>
    public static VerdictView Live(Arrival arrival, in VerdictReply reply, Policy policy) => Of(arrival, reply.Verdict, reply.DecisionNumber, "live", policy) with
    {
        Durable = reply.Durable,
        Duplicate = reply.Duplicate ? true : null,
        Campaign = reply.Verdict == Core.Verdict.Allow || reply.Campaign == 0 ? null : new CampaignId(reply.Campaign).ToString(),
        Score = reply.Verdict == Core.Verdict.Allow ? null : Math.Round(reply.Score, 4),
        Reasons = reply.Reasons.Count == 0 ? null : [.. reply.Reasons.Select(r => ReasonView.Of(r.ToReason()))],
    };

    /// <summary>The last decision known. Whether it is stored is not known here, and so it does not say that it is.</summary>
    public static VerdictView Stale(Arrival arrival, Decision last, Policy policy) => Of(arrival, last.Verdict, last.Number, "stale", policy) with
    {
        Campaign = last.Verdict == Core.Verdict.Allow ? null : last.Campaign,
        Score = last.Verdict == Core.Verdict.Allow ? null : Math.Round(last.Score, 4),
        Reasons = last.Verdict == Core.Verdict.Allow || last.Reasons.Count == 0 ? null : [.. last.Reasons.Select(ReasonView.Of)],
    };

    /// <summary>What is answered when nothing is known.</summary>
    public static VerdictView Fallback(Arrival arrival, Verdict verdict, Policy policy) => Of(arrival, verdict, 0, "fallback", policy);

    private static VerdictView Of(Arrival arrival, Verdict verdict, int decision, string state, Policy policy)
    {
        var shadow = policy.Mode == EnforcementMode.Shadow;
        return new VerdictView
        {
            RequestId = arrival.RequestId,
            Account = arrival.Input.Name,
            Verdict = Json.Name(shadow ? Core.Verdict.Allow : verdict),
            ShadowVerdict = shadow ? Json.Name(verdict) : null,
            DecisionId = Decision.IdOf(arrival.Input.Account, decision),
            Durable = false,
            RetryAfterSeconds = verdict == Core.Verdict.Throttle && !shadow ? policy.RetryAfterSeconds : null,
            Mode = Json.Name(policy.Mode),
            State = state,
        };
    }
}
