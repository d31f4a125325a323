using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Http.Views;

/// <summary>A member of a campaign.</summary>
internal sealed record MemberItem
{
    /// <summary>Its name.</summary>
    public required string Account { get; init; }

    /// <summary>The probability that it belongs.</summary>
    public double Probability { get; init; }

    /// <summary>When it joined.</summary>
    public required string Since { get; init; }

    /// <summary>Its requests since then.</summary>
    public int Requests { get; init; }

    /// <summary>Those that are the campaign's work.</summary>
    public int Matched { get; init; }

    /// <summary>True when it was banned elsewhere.</summary>
    public bool? Banned { get; init; }

    public static MemberItem Of(MemberView member) => new()
    {
        Account = member.Name.Length > 0 ? member.Name : member.Account.ToString(),
        Probability = member.Probability,
        Since = Json.Time(member.Since),
        Requests = member.Requests,
        Matched = member.Matched,
        Banned = member.Banned ? true : null,
    };
}

/// <summary>Requests and tokens.</summary>
internal sealed record TakenItem
{
    /// <summary>What was asked for.</summary>
    public string? Capability { get; init; }

    /// <summary>The model asked.</summary>
    public string? Model { get; init; }

    /// <summary>The UTC day.</summary>
    public string? Day { get; init; }

    /// <summary>How many requests.</summary>
    public long Requests { get; init; }

    /// <summary>Tokens read by the model.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written by the model.</summary>
    public long OutputTokens { get; init; }

    /// <summary>True when it is an estimate from daily totals, not a count of the campaign's own requests.</summary>
    public bool? Estimated { get; init; }

    public static TakenItem Of(TakenRow row) => new()
    {
        Capability = row.Capability.Length == 0 ? null : row.Capability,
        Model = row.Model.Length == 0 ? null : row.Model,
        Day = DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(row.Day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Requests = row.Requests,
        InputTokens = row.InputTokens,
        OutputTokens = row.OutputTokens,
    };
}

/// <summary>What a campaign took: exact since each member joined, and an estimate of before.</summary>
internal sealed record TakenView
{
    /// <summary>Requests since each member joined.</summary>
    public long Requests { get; init; }

    /// <summary>Tokens read in them.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written in them.</summary>
    public long OutputTokens { get; init; }

    /// <summary>By capability, model and day.</summary>
    public IReadOnlyList<TakenItem>? Rows { get; init; }

    /// <summary>What members had taken before, from their daily totals.</summary>
    public TakenItem? Before { get; init; }

    public static TakenView Of(TakenLedger taken)
    {
        TakenRow[] rows = [.. taken.Rows];
        return new TakenView
        {
            Requests = rows.Sum(r => r.Requests),
            InputTokens = rows.Sum(r => r.InputTokens),
            OutputTokens = rows.Sum(r => r.OutputTokens),
            Rows = [.. rows.Select(TakenItem.Of)],
            Before = new TakenItem { Requests = taken.Before.Requests, InputTokens = taken.Before.InputTokens, OutputTokens = taken.Before.OutputTokens, Estimated = true },
        };
    }
}

/// <summary>A campaign, as <c>campaigns.json</c> and the lists have it.</summary>
internal sealed record CampaignItem
{
    private const int MostEvidence = 50;

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Status { get; init; }

    /// <summary>The probability that it is one operation's.</summary>
    public double Score { get; init; }

    /// <summary>When it was found.</summary>
    public required string OpenedAt { get; init; }

    /// <summary>The families that link its members.</summary>
    public required IReadOnlyList<string> Families { get; init; }

    /// <summary>How many members it has.</summary>
    public int Size { get; init; }

    /// <summary>Why it is one, strongest first.</summary>
    public IReadOnlyList<ReasonView>? Reasons { get; init; }

    /// <summary>What was taken.</summary>
    public required TakenView Taken { get; init; }

    /// <summary>Its members, where they are listed.</summary>
    public IReadOnlyList<MemberItem>? Members { get; init; }

    /// <summary>When it first became active; this and what follows only where it is shown alone.</summary>
    public string? ActiveSince { get; init; }

    /// <summary>When a member was last seen.</summary>
    public string? LastActivity { get; init; }

    /// <summary>What the evidence adds up to.</summary>
    public AssessmentView? Assessment { get; init; }

    /// <summary>The strongest evidence, strongest first.</summary>
    public IReadOnlyList<EvidenceItem>? Evidence { get; init; }

    /// <summary>What became known when.</summary>
    public IReadOnlyList<TimelineItem>? Timeline { get; init; }

    /// <summary>The campaign that it became part of.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The campaign that it split off from.</summary>
    public string? SplitFrom { get; init; }

    /// <summary>Campaigns that became part of it.</summary>
    public IReadOnlyList<string>? Absorbed { get; init; }

    public static CampaignItem Of(Campaign campaign, Policy policy, bool withMembers) => new()
    {
        Id = campaign.Id.ToString(),
        Status = Json.Name(campaign.Status),
        Score = campaign.Score,
        OpenedAt = Json.Time(campaign.FoundedAt),
        Families = FamiliesOf(campaign),
        Size = campaign.MemberCount,
        Reasons = campaign.Reasons(policy) is { Count: > 0 } reasons ? [.. reasons.Select(ReasonView.Of)] : null,
        Taken = TakenView.Of(campaign.Taken),
        Members = withMembers ? [.. campaign.MembersAfter(null).Select(MemberItem.Of)] : null,
    };

    public static CampaignItem Alone(Campaign campaign, Policy policy) => Of(campaign, policy, withMembers: false) with
    {
        ActiveSince = Json.TimeOrNull(campaign.ActiveSince),
        LastActivity = Json.TimeOrNull(campaign.LastActivity),
        Assessment = AssessmentView.Of(campaign.Assessment),
        Evidence = [.. campaign.StrongestEvidence(MostEvidence, policy).Select(EvidenceItem.Of)],
        Timeline = [.. campaign.Timeline.Select(TimelineItem.Of)],
        MergedInto = campaign.MergedInto.IsNone ? null : campaign.MergedInto.ToString(),
        SplitFrom = campaign.SplitFrom.IsNone ? null : campaign.SplitFrom.ToString(),
        Absorbed = campaign.Absorbed.Count == 0 ? null : [.. campaign.Absorbed.Select(id => id.ToString())],
    };

    /// <summary>What founded it is the template of most, and of a ring the device or the address that joins its accounts.</summary>
    private static IReadOnlyList<string> FamiliesOf(Campaign campaign)
    {
        var assessment = campaign.Assessment;
        var founding = campaign.IsRing ? campaign.FoundedOn.Kind.Family() : EvidenceFamily.Template;
        var families = Enum.GetValues<EvidenceFamily>().Where(f => f != founding && (assessment.Families & (1 << (int)f)) != 0).Select(f => f.Name());
        return [founding.Name(), .. families, .. assessment.Timing > 0 ? [EvidenceFamily.Timing.Name()] : Array.Empty<string>()];
    }
}
