using AccountGrains.Core.Campaigns;

namespace AccountGrains.Silo.Http.Views;

/// <summary>What the evidence of a campaign adds up to, in nats.</summary>
internal sealed record AssessmentView
{
    /// <summary>Members' requests are the campaign's work.</summary>
    public double Share { get; init; }

    /// <summary>Its accounts are new.</summary>
    public double Newness { get; init; }

    /// <summary>It acts as one.</summary>
    public double Timing { get; init; }

    /// <summary>It wants few things.</summary>
    public double Focus { get; init; }

    /// <summary>All of it.</summary>
    public double Total { get; init; }

    /// <summary>What proves that its accounts act as one: <c>turns</c>, <c>cards</c>.</summary>
    public required IReadOnlyList<string> Proofs { get; init; }

    public static AssessmentView Of(Assessment assessment) => new()
    {
        Share = Math.Round(assessment.Share, 4),
        Newness = Math.Round(assessment.Newness, 4),
        Timing = Math.Round(assessment.Timing, 4),
        Focus = Math.Round(assessment.Focus, 4),
        Total = Math.Round(assessment.Total, 4),
        Proofs = [.. Enum.GetValues<CoordinationProofs>().Where(p => p != CoordinationProofs.None && assessment.Proofs.HasFlag(p)).Select(Json.Name)],
    };
}

/// <summary>A piece of a campaign's evidence.</summary>
/// <param name="Fingerprint">What members share.</param>
/// <param name="Family">Its family.</param>
/// <param name="Weight">What it is worth, in nats.</param>
/// <param name="Members">How many members have it.</param>
/// <param name="Outside">How many other accounts have it.</param>
/// <param name="FirstSeen">When a member first showed it.</param>
/// <param name="LastSeen">When a member last showed it.</param>
internal sealed record EvidenceItem(string Fingerprint, string Family, double Weight, int Members, int Outside, string FirstSeen, string LastSeen)
{
    public static EvidenceItem Of(EvidenceView evidence) => new(
        evidence.Fingerprint.ToString(), Core.FingerprintKinds.Name(Core.FingerprintKinds.Family(evidence.Fingerprint.Kind)), evidence.Weight,
        evidence.Members, evidence.Outside, Json.Time(evidence.FirstSeen), Json.Time(evidence.LastSeen));
}

/// <summary>A line of a campaign's timeline.</summary>
/// <param name="Time">When it became known.</param>
/// <param name="Event">What.</param>
/// <param name="Members">The number of members then.</param>
/// <param name="Other">The other campaign, where there is one.</param>
internal sealed record TimelineItem(string Time, string Event, int Members, string? Other)
{
    public static TimelineItem Of(CampaignEvent entry) =>
        new(Json.Time(entry.Time), Json.Name(entry.Kind), entry.Members, entry.Other.IsNone ? null : entry.Other.ToString());
}
