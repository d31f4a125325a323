using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>Which of a campaign's evidence goes into its signature, and with what weight.</summary>
internal static class SignatureRules
{
    private const int Limit = 512;

    public static CampaignSignature Of(Campaign campaign, PopulationView population, Policy policy)
    {
        var members = campaign.MemberCount;
        var active = Math.Max(population.Active, members + 1);
        var newness = campaign.Assessment.Newness;
        var fresh = (campaign.Members.Values.Count(m => m.SignedUpInSight) + 1.0) / (members + 2);
        var entries = campaign.Evidence.Entries
            .Where(e => e.Holders.Count >= 2)
            .Select(e => (Evidence: e, Strong: Strong(e, members, policy)))
            .Where(e => e.Strong || (e.Evidence.Fingerprint.Kind == FingerprintKind.Template && OwnPhrase(e.Evidence)))
            .OrderByDescending(e => e.Strong).ThenByDescending(e => e.Evidence.Holders.Count).ThenBy(e => e.Evidence.Fingerprint)
            .Take(Limit)
            .Select(e => Entry(e.Evidence, e.Strong, members, active));
        return new CampaignSignature(entries)
        {
            Id = campaign.Id,
            Active = campaign.Status == CampaignStatus.Active,
            FoundedAt = campaign.FoundedAt,
            Members = members,
            Prior = (float)Math.Log(Math.Max(1, members) / active),
            MatchedShare = MatchedShare(campaign),
            Newness = (float)newness,
            NewWeight = (float)Math.Max(0, Math.Log(fresh / population.NewShare)),
            Families = campaign.Assessment.Families,
            Cards = [.. campaign.Evidence.Entries
                .Where(e => e.Fingerprint.Kind is FingerprintKind.Payment or FingerprintKind.Device && e.Holders.Count >= 2)
                .OrderByDescending(e => e.Holders.Count).ThenBy(e => e.Fingerprint)
                .Take(Limit).Select(e => (e.Fingerprint.Token, e.Holders.Count))],
        };
    }

    /// <summary>Recognises strangers: shown by enough members, and hardly by anybody else.</summary>
    private static bool Strong(Evidence evidence, int members, Policy policy)
    {
        var template = evidence.Fingerprint.Kind == FingerprintKind.Template;
        if (template && evidence.Holders.Count < Math.Max(3, policy.SignatureCoverage * members)) return false;
        return evidence.Weight >= (template ? policy.TokenWeight : policy.ValueWeight);
    }

    /// <summary>Tells a member's request from unrelated ones: at least three members, and 30 % of all holders.</summary>
    private static bool OwnPhrase(Evidence evidence) =>
        evidence.Measured && evidence.Holders.Count >= 3 && evidence.Holders.Count >= 0.3 * (evidence.Holders.Count + evidence.Outside);

    private static SignatureEntry Entry(Evidence evidence, bool strong, int members, double active) => new(
        evidence.Fingerprint, (float)evidence.Weight, (float)evidence.MemberWeight, evidence.Holders.Count,
        (float)(members * Likelihood.Share(evidence.Outside, Math.Max(1, active - members))), strong);

    private static float MatchedShare(Campaign campaign)
    {
        double requests = campaign.Members.Values.Sum(m => m.Requests), matched = campaign.Members.Values.Sum(m => m.Matched);
        return (float)Math.Clamp((matched + 1) / (requests + 2), 0.35, 0.6);
    }
}
