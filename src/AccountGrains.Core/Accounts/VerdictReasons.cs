using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Accounts;

/// <summary>Names the evidence that a verdict rests on, each with what was seen and what was expected.</summary>
internal static class VerdictReasons
{
    private const int FirstConduct = (int)ReasonCode.OwnRate - (int)ConductSignal.Rate;

    public static Reason[] Of(AccountState state, CampaignSlot? slot, Snapshot snapshot)
    {
        var reasons = new List<Reason>();
        if (state.Banned) reasons.Add(External(ReasonCode.ExternalBan, state.BanReason));
        if (slot is not null && snapshot.Find(slot.Campaign) is { } signature)
        {
            AddLinks(reasons, slot, signature, snapshot.Policy);
            AddWork(reasons, slot, signature, snapshot.Policy);
            AddConduct(reasons, ConductEvidence.Of(state.Behaviour, snapshot.Norms, snapshot.Policy));
        }

        return [.. reasons.OrderByDescending(r => r.Code == ReasonCode.ExternalBan).ThenByDescending(r => r.Weight).ThenBy(r => r.Code).ThenBy(r => r.Fingerprint).Take(CaseFile.ReasonLimit)];
    }

    public static Reason External(ReasonCode code, string? text) => new(code, EvidenceFamily.None, default, 0, 0, 0) { Text = text };

    private static void AddLinks(List<Reason> reasons, CampaignSlot slot, CampaignSignature signature, Policy policy)
    {
        for (var i = 0; i < CampaignSlot.FamilyCount; i++)
        {
            var weight = VerdictLadder.WeightOf(slot, i, signature, policy);
            if (weight <= 0) continue;
            var link = slot.Link(i);
            var code = i == CampaignSlot.TemplateIndex ? ReasonCode.CampaignTemplate : ReasonCode.Shared;
            reasons.Add(new Reason(code, CampaignSlot.FamilyAt(i), link.Fingerprint, weight, link.Seen, link.Expected));
        }
    }

    /// <summary>With what was expected: as many accounts in time, and as many new ones, as the weights say of people, and the share of an innocent's requests that match.</summary>
    private static void AddWork(List<Reason> reasons, CampaignSlot slot, CampaignSignature signature, Policy policy)
    {
        var artefact = VerdictLadder.Artefact(slot, policy);
        if (artefact > 0) reasons.Add(new Reason(ReasonCode.Shared, EvidenceFamily.Artefact, slot.Artefact.Fingerprint, artefact, slot.Artefact.Seen, slot.Artefact.Expected));
        var (timing, all) = (VerdictLadder.TurnsOf(slot, signature, policy), VerdictLadder.TimingOf(slot, signature, policy));
        if (all > timing) reasons.Add(new Reason(ReasonCode.Succession, EvidenceFamily.Timing, default, all, signature.Bans.Count, signature.Bans.Count * MathF.Exp(-all)));
        else if (timing > 0) reasons.Add(new Reason(ReasonCode.CampaignTiming, EvidenceFamily.Timing, default, timing, signature.Members, signature.Members * MathF.Exp(-timing)));
        var identity = VerdictLadder.Identity(slot, signature, policy);
        if (identity > 0) reasons.Add(new Reason(ReasonCode.CampaignSignup, EvidenceFamily.Identity, default, identity, signature.Members, signature.Members * MathF.Exp(-signature.NewWeight)));
        if (slot.Matched > 0) reasons.Add(new Reason(ReasonCode.OwnBehaviour, EvidenceFamily.Template, default, slot.Own, slot.Matched, slot.Requests * SlotMatching.ChanceOf(signature)));
    }

    private static void AddConduct(List<Reason> reasons, in ConductEvidence conduct)
    {
        if (conduct.Signal != ConductSignal.None) reasons.Add(new Reason((ReasonCode)(FirstConduct + (int)conduct.Signal), EvidenceFamily.None, default, conduct.Weight, conduct.Seen, conduct.Expected));
    }
}
