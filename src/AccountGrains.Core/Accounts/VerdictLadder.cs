using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// What it takes to be challenged and throttled, and to be let go. One family alone never restricts, links alone never block, and an account's own
/// behaviour has its say.
/// </summary>
internal static class VerdictLadder
{
    private const float OwnWork = 1;
    private const int FewestOwnTokens = 3;
    private const float IdentityFloor = 2;
    private const float IdentityNewness = 8;
    private const float OldFleet = 3;
    private const float LeastSuccession = 2;

    /// <summary>
    /// Judges an account; the decision is null when neither its verdict nor its campaign changed, by this judgement or just before it. What was said
    /// when a ban was lifted is shown with the decision that this gives.
    /// </summary>
    public static Decision? Judge(AccountState state, Snapshot snapshot, SlotMatch matchedNow, long time, bool moved = false, string? lifted = null)
    {
        var (verdict, slot) = Best(state, snapshot, matchedNow);
        var score = slot is null ? 0 : (float)Math.Round(Likelihood.Probability(slot.Score), 4);
        if (state.Banned) (verdict, score) = (Verdict.Block, 1);
        var campaign = verdict == Verdict.Allow || slot is null ? default : slot.Campaign;
        state.Score = score;
        if (!moved && verdict == state.Verdict && campaign == state.Campaign) return null;
        state.Verdict = verdict;
        state.Campaign = campaign;
        state.DecisionNumber++;
        state.DecidedAt = time;
        Reason[] reasons = verdict == Verdict.Allow ? [] : VerdictReasons.Of(state, slot, snapshot);
        if (lifted is not null) reasons = [.. reasons.Take(CaseFile.ReasonLimit - 1), VerdictReasons.External(ReasonCode.ExternalRestore, lifted)];
        if (reasons.Length > 0 || state.Case is not null) state.OpenCase().Reasons = reasons;
        if (state.Case is { IsEmpty: true }) state.Case = null;
        return new Decision
        {
            Account = state.Id,
            Name = state.Name,
            Number = state.DecisionNumber,
            Time = time,
            Verdict = verdict,
            Score = Math.Round(score, 4),
            Campaign = campaign.IsNone ? null : campaign.ToString(),
            Reasons = reasons,
            PolicyVersion = snapshot.Policy.Version,
        };
    }

    /// <summary>How many families link the account to the campaign, the template among them.</summary>
    public static int FamiliesOf(CampaignSlot slot, CampaignSignature signature, Policy policy)
    {
        var families = (TimingOf(slot, signature, policy) > 0 ? 1 : 0) + (Artefact(slot, policy) > 0 ? 1 : 0);
        if (Identity(slot, signature, policy) > 0) families++;
        for (var i = 0; i < CampaignSlot.FamilyCount; i++)
        {
            if (WeightOf(slot, i, signature, policy) > 0) families++;
        }

        return families;
    }

    private static (Verdict Verdict, CampaignSlot? Slot) Best(AccountState state, Snapshot snapshot, SlotMatch matchedNow)
    {
        var best = Verdict.Allow;
        CampaignSlot? chosen = null;
        for (var i = 0; i < (state.Case?.Slots.Count ?? 0); i++)
        {
            var slot = state.Case!.Slots[i];
            var verdict = Judge(state, slot, snapshot, matchedNow.Contains(i));
            if (chosen is not null && (verdict < best || (verdict == best && slot.Score <= chosen.Score))) continue;
            (best, chosen) = (verdict, slot);
        }

        return (best, chosen);
    }

    private static Verdict Judge(AccountState state, CampaignSlot slot, Snapshot snapshot, bool matchedNow)
    {
        if (snapshot.Find(slot.Campaign) is not { } signature) return Verdict.Allow;
        var policy = snapshot.Policy;
        slot.Hops = state.Trail.Hops;
        slot.Succession = SuccessionOf(state, slot, signature, policy);
        slot.Artefact = ArtefactOf(state, policy);
        slot.Score = ScoreOf(slot, signature, policy);
        var families = FamiliesOf(slot, signature, policy);
        if (!signature.Active || families < policy.FamiliesNeeded || (policy.FamiliesNeeded > 1 && WeightOf(slot, CampaignSlot.TemplateIndex, signature, policy) <= 0)) return Verdict.Allow;
        if (slot.Restored && slot.Own < 0) return Verdict.Allow;

        // What an account is like speaks only beside what links it to a campaign.
        slot.Score += ConductEvidence.Of(state.Behaviour, snapshot.Norms, policy).Weight;
        var verdict = Enter(slot, signature, policy, families, matchedNow);
        var current = state.Campaign == slot.Campaign ? state.Verdict : Verdict.Allow;
        return verdict >= current || current == Verdict.Block ? verdict : slot.Score < policy.ReleaseScore ? Verdict.Allow : current;
    }

    private static Verdict Enter(CampaignSlot slot, CampaignSignature signature, Policy policy, int families, bool matchedNow)
    {
        var payment = WeightOf(slot, CampaignSlot.PaymentIndex, signature, policy) > 0 || WeightOf(slot, CampaignSlot.DeviceIndex, signature, policy) > 0;
        var gate = payment || Artefact(slot, policy) > 0 || policy.FamiliesNeeded <= 1 || Gate(slot, signature, policy);
        var (said, timed) = (policy.OwnFactor * slot.Own, TimingOf(slot, signature, policy) > 0);
        var own = said >= 0 || (matchedNow && said >= (families >= 3 ? -2 : payment ? -1 : 0));
        if (slot.Score >= policy.ThrottleScore && slot.Matched >= 1 && (matchedNow || slot.Matched >= 2) && own && gate) return Verdict.Throttle;
        return slot.Score >= policy.ChallengeScore && said >= -1 && (gate || timed) ? Verdict.Challenge : Verdict.Allow;
    }

    /// <summary>Which family carries the verdict, and what it asks of the prompts. Identity is never the only one.</summary>
    private static bool Gate(CampaignSlot slot, CampaignSignature signature, Policy policy)
    {
        var bothEnds = (slot.Classes & 3) == 3;
        var own = policy.OwnFactor * slot.Own;
        var ownWork = signature.BurstsProved && slot.Matched >= 2 && own >= 0 && slot.DistinctTokens >= FewestOwnTokens;
        if (TimingOf(slot, signature, policy) > 0 && (bothEnds || slot.DistinctTokens >= 6 || ownWork)) return true;
        var hops = slot.Hops && signature.HopWeight > 0;
        if (WeightOf(slot, 0, signature, policy) > 0 && bothEnds && (hops || slot.Matched >= 0.6 * slot.Requests)) return true;
        return WeightOf(slot, 1, signature, policy) > 0 && signature.Newness < OldFleet && slot.Matched >= 2 && own >= 0;
    }

    private static float ScoreOf(CampaignSlot slot, CampaignSignature signature, Policy policy)
    {
        var score = signature.Prior + (float)(policy.OwnFactor * slot.Own) + TimingOf(slot, signature, policy) + Identity(slot, signature, policy) + Artefact(slot, policy);
        for (var i = 0; i < CampaignSlot.FamilyCount; i++) score += WeightOf(slot, i, signature, policy);
        return score;
    }

    /// <summary>A family counts when it links enough of the campaign's members, and its weight is one.</summary>
    internal static float WeightOf(CampaignSlot slot, int index, CampaignSignature signature, Policy policy)
    {
        var factor = policy.FactorOf(CampaignSlot.FamilyAt(index));
        if (factor == 0) return 0;
        var weight = slot.Link(index).Weight;
        if (index == CampaignSlot.TemplateIndex)
        {
            // Of many templates each is a phrase of few members: that most of its requests are the campaign's says it all the same.
            return weight > 0 || !slot.Member || !signature.BurstsProved || slot.Matched < 2 || slot.Own < 0 ? weight : OwnWork;
        }

        if (index == 0 && slot.Hops) weight = Math.Max(weight, (float)(factor * signature.HopWeight));
        return weight >= policy.ValueWeight - 1 && signature.Counts(CampaignSlot.FamilyAt(index)) ? weight : 0;
    }

    /// <summary>Within the family the strongest counts: that it takes its turn, or that it began right after a ban.</summary>
    internal static float TimingOf(CampaignSlot slot, CampaignSignature signature, Policy policy) =>
        Math.Max(TurnsOf(slot, signature, policy), (float)policy.TimingFactor * slot.Succession);

    internal static float TurnsOf(CampaignSlot slot, CampaignSignature signature, Policy policy) =>
        !slot.Timing ? 0 : (float)(policy.TimingFactor * (signature.BurstsProved ? policy.BurstsWeight : policy.TurnsWeight));

    internal static float Artefact(CampaignSlot slot, Policy policy) => (float)(policy.ArtefactFactor * Math.Min(policy.FamilyCap, slot.Artefact.Weight));

    /// <summary>
    /// An account that began right after a ban of one of the campaign's, and does its work since. One of a declared organization begins when that hires or moves.
    /// </summary>
    private static float SuccessionOf(AccountState state, CampaignSlot slot, CampaignSignature signature, Policy policy)
    {
        var weight = (float)(policy.SuccessionFactor * signature.SuccessionWeight);
        if (weight < LeastSuccession || slot.Matched < 2 || slot.Own < 0 || state.Behaviour.Organization != 0) return 0;
        for (var i = signature.Bans.Count - 1; i >= 0; i--)
        {
            var since = state.Behaviour.FirstSeen - signature.Bans[i];
            if (since > 0) return since <= policy.SuccessionWindow ? weight : 0;
        }

        return 0;
    }

    /// <summary>
    /// The rarest thing handed out to one account and presented by another that it has: so few have it that it was not published. The accounts of a declared
    /// organization hand things to each other.
    /// </summary>
    private static LinkNotice ArtefactOf(AccountState state, Policy policy)
    {
        if (state.Behaviour.Organization != 0 || state.Case is not { } file) return default;
        foreach (var link in file.Links)
        {
            if (link.Fingerprint.Kind == FingerprintKind.Artefact && link.Seen <= policy.PairHolders) return link;
        }

        return default;
    }

    internal static float Identity(CampaignSlot slot, CampaignSignature signature, Policy policy) =>
        slot.NewAtFirstMatch && signature.Newness >= IdentityNewness && signature.NewWeight >= IdentityFloor ? (float)(policy.IdentityFactor * signature.NewWeight) : 0;
}
