using AccountGrains.Core;
using AccountGrains.Core.Decisions;

namespace AccountGrains.Silo.Http.Views;

/// <summary>One piece of evidence behind a verdict.</summary>
internal sealed record ReasonView
{
    /// <summary>What it says.</summary>
    public required string Code { get; init; }

    /// <summary>Its family.</summary>
    public string? Family { get; init; }

    /// <summary>The fingerprint it is about.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Its weight in nats.</summary>
    public double Weight { get; init; }

    /// <summary>How many accounts were seen to share it.</summary>
    public int Seen { get; init; }

    /// <summary>How many would be expected to by chance.</summary>
    public double Expected { get; init; }

    /// <summary>One sentence.</summary>
    public required string Detail { get; init; }

    public static ReasonView Of(Reason reason) => new()
    {
        Code = reason.Name,
        Family = reason.Family == EvidenceFamily.None ? null : reason.Family.Name(),
        Fingerprint = reason.Fingerprint.IsNone ? null : reason.Fingerprint.ToString(),
        Weight = Math.Round(reason.Weight, 4),
        Seen = reason.Seen,
        Expected = Math.Round(reason.Expected, 6),
        Detail = reason.Detail,
    };
}

/// <summary>A change of an account's verdict or campaign, as a line of <c>decisions.jsonl</c>.</summary>
internal sealed record DecisionView
{
    /// <summary>When it changed.</summary>
    public required string Time { get; init; }

    /// <summary>Whose.</summary>
    public required string Account { get; init; }

    /// <summary>The verdict from then on.</summary>
    public required string Verdict { get; init; }

    /// <summary>The probability that it rests on.</summary>
    public double Score { get; init; }

    /// <summary>The campaign that it rests on.</summary>
    public string? Campaign { get; init; }

    /// <summary>The decision's id.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The policy that decided.</summary>
    public int Policy { get; init; }

    /// <summary>Why, strongest first.</summary>
    public IReadOnlyList<ReasonView>? Reasons { get; init; }

    public static DecisionView Of(Decision decision) => new()
    {
        Time = Json.Time(decision.Time),
        Account = decision.Name,
        Verdict = Json.Name(decision.Verdict),
        Score = Math.Round(decision.Score, 4),
        Campaign = decision.Campaign,
        DecisionId = decision.Id,
        Policy = decision.PolicyVersion,
        Reasons = decision.Reasons.Count == 0 ? null : [.. decision.Reasons.Select(ReasonView.Of)],
    };
}
