using System.Text.Json.Serialization;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Door;

namespace AccountGrains.Silo.Http.Views;

/// <summary>The answer to an observation.</summary>
internal sealed record VerdictView
{
    /// <summary>The request id, when one was sent.</summary>
    public string? RequestId { get; init; }

    /// <summary>The account.</summary>
    [JsonConverter(typeof(AccountNameConverter))]
    public required AccountName Account { get; init; }

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
    public static VerdictView Live(Arrival arrival, in VerdictReply reply, Policy policy) => Of(
        arrival, reply.Verdict, reply.DecisionNumber, "live", policy, reply.Durable, reply.Duplicate,
        reply.Verdict == Core.Verdict.Allow || reply.Campaign == 0 ? null : new CampaignId(reply.Campaign).ToString(), reply.Score, Views(reply.Reasons));

    /// <summary>The last decision known. Whether it is stored is not known here, and so it does not say that it is.</summary>
    public static VerdictView Stale(Arrival arrival, Decision last, Policy policy) => Of(
        arrival, last.Verdict, last.Number, "stale", policy, campaign: last.Campaign, score: last.Score,
        reasons: last.Verdict == Core.Verdict.Allow || last.Reasons.Count == 0 ? null : [.. last.Reasons.Select(ReasonView.Of)]);

    /// <summary>What is answered when nothing is known.</summary>
    public static VerdictView Fallback(Arrival arrival, Verdict verdict, Policy policy) => Of(arrival, verdict, 0, "fallback", policy);

    private static IReadOnlyList<ReasonView>? Views(IReadOnlyList<ReasonWire> reasons) => reasons.Count == 0 ? null : [.. reasons.Select(r => ReasonView.Of(r.ToReason()))];

    // All at once: a copy by "with" would be a second object for each request.
    private static VerdictView Of(
        in Arrival arrival, Verdict verdict, int decision, string state, Policy policy, bool durable = false, bool duplicate = false,
        string? campaign = null, double? score = null, IReadOnlyList<ReasonView>? reasons = null)
    {
        var shadow = policy.Mode == EnforcementMode.Shadow;
        var allowed = verdict == Core.Verdict.Allow;
        return new VerdictView
        {
            RequestId = arrival.RequestId,
            Account = arrival.Input.Name,
            Verdict = Json.Name(shadow ? Core.Verdict.Allow : verdict),
            ShadowVerdict = shadow ? Json.Name(verdict) : null,
            DecisionId = Decision.IdOf(arrival.Input.Account, decision),
            Durable = durable,
            Campaign = allowed ? null : campaign,
            Score = allowed || score is not { } known ? null : Math.Round(known, 4),
            Reasons = reasons,
            Duplicate = duplicate ? true : null,
            RetryAfterSeconds = verdict == Core.Verdict.Throttle && !shadow ? policy.RetryAfterSeconds : null,
            Mode = Json.Name(policy.Mode),
            State = state,
        };
    }
}
