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
        var (bans, succession) = BanEvidence.Succession(campaign, policy);
        SignatureEntry[] entries = [.. campaign.Evidence.Shared
            .Select(e => (Evidence: e, Strong: Strong(e, campaign, policy)))
            .Where(e => e.Strong || e.Evidence.Vetoed || (e.Evidence.Fingerprint.Kind == FingerprintKind.Template && OwnPhrase(e.Evidence, campaign, policy)))
            .OrderByDescending(e => e.Strong).ThenByDescending(e => e.Evidence.Holders.Count).ThenBy(e => e.Evidence.Fingerprint)
            .Take(Limit)
            .Select(e => Entry(e.Evidence, e.Strong, members, active))];
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
            Proofs = campaign.Assessment.Proofs,
            HopWeight = (float)campaign.Assessment.HopWeight,
            Gathers = Gathers(campaign, policy),
            IsRing = campaign.IsRing,
            Room = CampaignRules.RoomOf(campaign, policy),
            Bursts = [.. campaign.Bursts.Bursts.Order()],
            Capabilities = CapabilitiesOf(campaign),
            Bans = bans,
            SuccessionWeight = succession,
            Cards = [.. campaign.Evidence.Shared
                .Where(e => e.Fingerprint.Kind is FingerprintKind.Payment or FingerprintKind.Device)
                .OrderByDescending(e => e.Holders.Count).ThenBy(e => e.Fingerprint)
                .Take(Limit).Select(e => (e.Fingerprint.Token, e.Holders.Count))],
        };
    }

    /// <summary>
    /// Its moments bring in who has them, before a proof too: to be watched restricts nobody, and what a fleet does next shows sooner what it is. Not
    /// what sits in one place, or has one card: there everybody comes at the same hours.
    /// </summary>
    private static bool Gathers(Campaign campaign, Policy policy) => campaign.Status switch
    {
        CampaignStatus.Active => campaign.Assessment.Proofs.HasFlag(CoordinationProofs.Bursts),
        CampaignStatus.Watched => !campaign.Assessment.OneCustomer && campaign.Bursts.Likely(policy),
        _ => false,
    };

    /// <summary>True for a template token that is the campaign's.</summary>
    public static bool IsPhrase(Campaign campaign, Fingerprint token, Policy policy) =>
        !token.IsNone && campaign.Evidence.Find(token.Token) is { } evidence && (Strong(evidence, campaign, policy) || OwnPhrase(evidence, campaign, policy));

    /// <summary>The marks of the heads that are the campaign's.</summary>
    public static HashSet<uint> Heads(Campaign campaign, Policy policy) => [.. campaign.Evidence.Entries
        .Where(e => e.Fingerprint.Kind == FingerprintKind.Template && Sighting.ClassOf(e.Fingerprint) == 0 && (Strong(e, campaign, policy) || OwnPhrase(e, campaign, policy)))
        .Select(e => Accounts.Trail.MarkOf((ulong)e.Fingerprint.Value))];

    /// <summary>Recognises strangers: shown by enough members, and hardly by anybody else.</summary>
    private static bool Strong(Evidence evidence, Campaign campaign, Policy policy)
    {
        var template = evidence.Fingerprint.Kind == FingerprintKind.Template;
        if (template && evidence.Holders.Count < Math.Max(3, policy.SignatureCoverage * campaign.MemberCount)) return false;
        if (template && evidence.Hits < policy.SignatureRequests * campaign.Prompts) return false;
        return evidence.Weight >= (template ? policy.TokenWeight : policy.ValueWeight);
    }

    /// <summary>
    /// Tells a member's request from unrelated ones: at least three members, and three tenths of all holders. Of accounts that provably act at the same moments two will do:
    /// of their many templates each is shown seldom, and by those too that are not known yet, so that fewer are enough.
    /// </summary>
    private static bool OwnPhrase(Evidence evidence, Campaign campaign, Policy policy)
    {
        if (!evidence.Measured || evidence.Hits < policy.SignatureRequests * campaign.Prompts) return false;
        var together = campaign.Proved.HasFlag(CoordinationProofs.Bursts);
        return evidence.Holders.Count >= (together ? 2 : 3) && evidence.Holders.Count >= (together ? policy.PhraseShareTogether : policy.PhraseShare) * ((double)evidence.Holders.Count + evidence.Outside);
    }

    private static SignatureEntry Entry(Evidence evidence, bool strong, int members, double active) => new(
        evidence.Fingerprint, (float)evidence.Weight, (float)evidence.MemberWeight, evidence.Holders.Count,
        (float)(members * Likelihood.Share(evidence.Outside, Math.Max(1, active - members))), strong)
    {
        Vetoed = evidence.Vetoed,
    };

    private static (string, int)[] CapabilitiesOf(Campaign campaign) => [.. campaign.Members.Values
        .SelectMany(m => m.Capabilities).Where(c => c < campaign.Labels.Count).GroupBy(c => campaign.Labels[c])
        .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count()))];

    private static float MatchedShare(Campaign campaign)
    {
        double requests = campaign.Members.Values.Sum(m => m.Requests), matched = campaign.Members.Values.Sum(m => m.Matched);
        return (float)Math.Clamp((matched + 1) / (requests + 2), 0.35, 0.6);
    }
}
