using System.Globalization;
using AccountGrains.Core.Policies;

namespace AccountGrains.Cli.Replay;

/// <summary>The ranges that a policy's settings must keep, and the rules between them.</summary>
internal static class PolicyRules
{
    private const double Hour = 3_600_000;
    private const double Year = 365 * 24 * Hour;

    /// <summary>What a policy breaks, a phrase each.</summary>
    public static IEnumerable<string> Broken(Policy policy)
    {
        (string Name, double Value, double Least, double Most)[] ranges =
        [
            ("version", policy.Version, 1, int.MaxValue),
            ("challengeScore", policy.ChallengeScore, -50, 50),
            ("throttleScore", policy.ThrottleScore, -50, 50),
            ("releaseScore", policy.ReleaseScore, -50, 50),
            ("valueWeight", policy.ValueWeight, 0, 50),
            ("tokenWeight", policy.TokenWeight, 0, 50),
            ("familyCap", policy.FamilyCap, 0, 50),
            ("familyCoverage", policy.FamilyCoverage, 0, 1),
            ("signatureCoverage", policy.SignatureCoverage, 0, 1),
            ("cohortFamilyFloor", policy.CohortFamilyFloor, 0, 1000),
            ("cohortEffect", policy.CohortEffect, 0, 1000),
            ("cohortThreshold", policy.CohortThreshold, 0, 1000),
            ("activeTotal", policy.ActiveTotal, 0, 1000),
            ("activeMembers", policy.ActiveMembers, 2, 25_000),
            ("cardCover", policy.CardCover, 0, 1),
            ("cardNumber", policy.CardNumber, 0, 1000),
            ("cardNumberInOnePlace", policy.CardNumberInOnePlace, 0, 1000),
            ("narrowTarget", policy.NarrowTarget, 0, 1),
            ("linkWeight", policy.LinkWeight, 0, 50),
            ("sharingChance", policy.SharingChance, 0.01, 1),
            ("commonShare", policy.CommonShare, 0, 1),
            ("commonFloor", policy.CommonFloor, 1, int.MaxValue),
            ("refreshInterval", policy.RefreshInterval, 1000, Year),
            ("dormantAfter", policy.DormantAfter, Hour, 10 * Year),
            ("evidenceExpiry", policy.EvidenceExpiry, Hour, 10 * Year),
            ("campaignLimit", policy.CampaignLimit, 1, 1_000_000),
            ("memberLimit", policy.MemberLimit, 2, 25_000),
            ("retryAfterSeconds", policy.RetryAfterSeconds, 1, 86_400),
        ];
        foreach (var (name, value, least, most) in ranges)
        {
            if (!(value >= least && value <= most)) yield return string.Create(CultureInfo.InvariantCulture, $"{name} must be {least} to {most}");
        }

        if (policy.ThrottleScore < policy.ChallengeScore) yield return "throttleScore must not be below challengeScore";
        if (policy.ReleaseScore > policy.ChallengeScore) yield return "releaseScore must not be above challengeScore";
    }
}
