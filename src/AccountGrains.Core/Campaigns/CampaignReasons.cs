using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>Names the evidence that a campaign rests on, each piece with what was seen and what was expected.</summary>
internal static class CampaignReasons
{
    /// <summary>
    /// Strongest first: of each kind of fingerprint the one that weighs most, what founded the campaign, and when its accounts act. Never empty for a campaign that was
    /// founded on something.
    /// </summary>
    public static IReadOnlyList<Reason> Of(Campaign campaign, Policy policy)
    {
        List<Reason> reasons = [.. campaign.StrongestEvidence(int.MaxValue, policy).DistinctBy(e => e.Fingerprint.Kind).Select(e => Shared(campaign, e))];
        var founding = campaign.FoundedOn;
        if (!founding.IsNone && !reasons.Any(r => campaign.IsRing ? r.Fingerprint == founding : r.Fingerprint.Kind == founding.Kind)) reasons.Add(Shared(campaign, Founding(campaign, policy)));
        AddTiming(reasons, campaign, policy);
        return [.. reasons.OrderByDescending(r => r.Weight).ThenBy(r => r.Code).ThenBy(r => r.Fingerprint)];
    }

    /// <summary>With as many as would share it if members had it no more often than everybody else.</summary>
    private static Reason Shared(Campaign campaign, EvidenceView evidence)
    {
        var refused = evidence.Fingerprint == campaign.FoundedOn && evidence.Fingerprint.Kind == FingerprintKind.Ip;
        var expected = campaign.MemberCount * Likelihood.Share(evidence.Outside, Math.Max(0, campaign.Population.Active - campaign.MemberCount));
        return new Reason(
            refused ? ReasonCode.SharedRefusal : ReasonCode.Shared, evidence.Fingerprint.Kind.Family(), evidence.Fingerprint, (float)evidence.Weight, evidence.Members, (float)Math.Min(expected, campaign.MemberCount));
    }

    /// <summary>What the first members had in common, also when it is too old to be evidence still.</summary>
    private static EvidenceView Founding(Campaign campaign, Policy policy)
    {
        var entry = campaign.Evidence.Find(campaign.FoundedOn.Token);
        var seen = Math.Max(entry?.Holders.Count ?? 0, campaign.Timeline.Count == 0 ? 0 : campaign.Timeline[0].Members);
        var outside = entry?.Outside ?? 0;
        var members = Math.Max(seen, campaign.MemberCount);
        var weight = Likelihood.Membership(seen, members, outside, Math.Max(campaign.Population.Active, members + outside), policy.FamilyCap);
        return new EvidenceView(campaign.FoundedOn, Math.Max(0, Math.Round(weight, 4)), seen, outside, entry?.FirstSeen ?? campaign.FoundedAt, entry?.LastSeen ?? campaign.FoundedAt);
    }

    /// <summary>
    /// Meetings are counted as they fade. Of turns and of repeating each other the weight is what the rule asks for at least, and so what is expected of the latter at most.
    /// </summary>
    private static void AddTiming(List<Reason> reasons, Campaign campaign, Policy policy)
    {
        if (campaign.Proved.HasFlag(CoordinationProofs.Bursts))
        {
            var (met, expected) = campaign.Bursts.Meetings;
            if (Math.Round(met) > 0) reasons.Add(new Reason(ReasonCode.ActTogether, EvidenceFamily.Timing, default, (float)Likelihood.Surprise(met, expected), (int)Math.Round(met), (float)expected));
        }

        if (campaign.Proved.HasFlag(CoordinationProofs.Turns))
        {
            var (regular, known) = campaign.Turns.Gaps;
            reasons.Add(new Reason(ReasonCode.TakeTurns, EvidenceFamily.Timing, default, (float)policy.RhythmTotal, regular, (float)(known * TurnTaking.RegularByChance)));
        }

        var paired = campaign.Members.Values.Count(m => m.Paired);
        if (paired > 1) reasons.Add(new Reason(ReasonCode.RepeatEachOther, EvidenceFamily.Timing, default, (float)policy.WatchThreshold, paired, paired * MathF.Exp(-(float)policy.WatchThreshold)));
    }
}
