using System.Globalization;
using AccountGrains.Core.Policies;

namespace AccountGrains.Cli.Replay;

/// <summary>The range that a policy's setting must keep.</summary>
internal sealed record PolicyRange(string Name, Func<Policy, double> Value, double Least, double Most);

/// <summary>The ranges of a policy's settings, and the rules between them.</summary>
internal static class PolicyRules
{
    private const double Hour = 3_600_000;
    private const double Year = 365 * 24 * Hour;

    /// <summary>The range of every number.</summary>
    public static IReadOnlyList<PolicyRange> Ranges { get; } =
    [
        new("version", p => p.Version, 1, int.MaxValue),
        new("challengeScore", p => p.ChallengeScore, -50, 50),
        new("throttleScore", p => p.ThrottleScore, -50, 50),
        new("releaseScore", p => p.ReleaseScore, -50, 50),
        new("valueWeight", p => p.ValueWeight, 0, 50),
        new("tokenWeight", p => p.TokenWeight, 0, 50),
        new("familyCap", p => p.FamilyCap, 0, 50),
        new("familyCoverage", p => p.FamilyCoverage, 0, 1),
        new("signatureCoverage", p => p.SignatureCoverage, 0, 1),
        new("cohortFamilyFloor", p => p.CohortFamilyFloor, 0, 1000),
        new("cohortEffect", p => p.CohortEffect, 0, 1000),
        new("cohortThreshold", p => p.CohortThreshold, 0, 1000),
        new("activeTotal", p => p.ActiveTotal, 0, 1000),
        new("activeMembers", p => p.ActiveMembers, 2, 25_000),
        new("cardCover", p => p.CardCover, 0, 1),
        new("cardNumber", p => p.CardNumber, 0, 1000),
        new("cardNumberInOnePlace", p => p.CardNumberInOnePlace, 0, 1000),
        new("narrowTarget", p => p.NarrowTarget, 0, 1),
        new("linkWeight", p => p.LinkWeight, 0, 50),
        new("sharingChance", p => p.SharingChance, 0.01, 1),
        new("cardPrior", p => p.CardPrior, 0, 1_000_000),
        new("commonShare", p => p.CommonShare, 0, 1),
        new("commonFloor", p => p.CommonFloor, 1, int.MaxValue),
        new("refreshInterval", p => p.RefreshInterval, 1000, Year),
        new("dormantAfter", p => p.DormantAfter, Hour, 10 * Year),
        new("evidenceExpiry", p => p.EvidenceExpiry, Hour, 10 * Year),
        new("campaignLimit", p => p.CampaignLimit, 1, 1_000_000),
        new("memberLimit", p => p.MemberLimit, 2, 25_000),
        new("retryAfterSeconds", p => p.RetryAfterSeconds, 1, 86_400),
    ];

    /// <summary>What a policy breaks, a phrase each.</summary>
    public static IEnumerable<string> Broken(Policy policy)
    {
        foreach (var range in Ranges)
        {
            var value = range.Value(policy);
            if (!(value >= range.Least && value <= range.Most)) yield return string.Create(CultureInfo.InvariantCulture, $"{range.Name} must be {range.Least} to {range.Most}");
        }

        if (policy.ThrottleScore < policy.ChallengeScore) yield return "throttleScore must not be below challengeScore";
        if (policy.ReleaseScore > policy.ChallengeScore) yield return "releaseScore must not be above challengeScore";
    }
}
