using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.Windows;

namespace AccountGrains.Core.Accounts;

/// <summary>Which of an account's slots a request matched, by index.</summary>
/// <param name="Slots">Bit 0 for the first slot, bit 1 for the second.</param>
internal readonly record struct SlotMatch(byte Slots)
{
    public bool Contains(int index) => (Slots & (1 << index)) != 0;
}

/// <summary>Asks whether a request is the work of a campaign, through the signatures of the snapshot.</summary>
internal static class SlotMatching
{
    private const int CandidateLimit = 8;
    private const int FewestMoments = 3;
    private const long Day = 86_400_000L;

    public static SlotMatch Match(AccountState state, in AccountInput input, Snapshot snapshot)
    {
        OpenSlots(state, input, snapshot);
        OpenTimed(state, input, snapshot);
        if (state.Case is not { Slots.Count: > 0 } file) return default;
        byte matched = 0;
        for (var i = 0; i < file.Slots.Count; i++)
        {
            if (snapshot.Find(file.Slots[i].Campaign) is { } signature && Step(state, file.Slots[i], input, signature, snapshot)) matched |= (byte)(1 << i);
        }

        return new SlotMatch(matched);
    }

    /// <summary>
    /// An account that judges itself likely, on two families or on most of its requests, asks to be a member; and one with the campaign's card or
    /// device, or one whose prompt is the work of accounts that act at the same moments, whose work and time then show whether it is one. Membership alone restricts nobody.
    /// </summary>
    public static bool AsksToJoin(CampaignSlot slot, Snapshot snapshot) =>
        snapshot.Find(slot.Campaign) is { } signature
        && (slot.Timing || (signature is { Active: true, BurstsProved: true } && slot.Matched > 0) || slot.Link(CampaignSlot.PaymentIndex).Weight >= snapshot.Policy.TokenWeight || slot.Link(CampaignSlot.DeviceIndex).Weight >= snapshot.Policy.TokenWeight
            || (slot.Score >= snapshot.Policy.ChallengeScore && VerdictLadder.FamiliesOf(slot, signature, snapshot.Policy) >= 2) || (slot.Matched >= 3 && slot.Matched >= snapshot.Policy.JoinShare * slot.Requests));

    /// <summary>Opens a slot for each campaign of whose signature the prompt has two tokens, or the account a card or device.</summary>
    private static void OpenSlots(AccountState state, in AccountInput input, Snapshot snapshot)
    {
        Span<ulong> candidates = stackalloc ulong[CandidateLimit];
        Span<byte> votes = stackalloc byte[CandidateLimit];
        var count = 0;
        for (var i = 0; i < ReportSet.Values + ReportSet.ValueCount; i++)
        {
            if (ReportSet.KindAt(i).Family() is not (EvidenceFamily.Template or EvidenceFamily.Payment or EvidenceFamily.Device) || !ReportSet.TryGetToken(input, i, out var token)) continue;
            foreach (var signature in snapshot.Recognise(token))
            {
                var at = candidates[..count].IndexOf(signature.Id.Value);
                if (at < 0 && count < CandidateLimit) candidates[at = count++] = signature.Id.Value;
                if (at >= 0) votes[at] += i < ReportSet.Values ? (byte)1 : (byte)2;
            }
        }

        for (var i = 0; i < count; i++)
        {
            var id = new CampaignId(candidates[i]);
            if (votes[i] < 2 || state.Case?.Find(id) is not null) continue;
            if (snapshot.Find(id) is not { } found || state.OpenCase().Open(id, input.Time) is not { } slot) continue;
            LinkValues(slot, input, found, snapshot);
            slot.Own = OwnBefore(state, slot, input, found, snapshot);
        }
    }

    /// <summary>
    /// Opens a slot for a campaign whose members act at the same moments, when the account's last moments are theirs, more than one in all accounts
    /// would be by chance: it can join, and its work shows whether it belongs.
    /// </summary>
    private static void OpenTimed(AccountState state, in AccountInput input, Snapshot snapshot)
    {
        if (snapshot.Policy.TimingFactor == 0) return;
        foreach (var bursts in snapshot.Bursting)
        {
            // Comparing says nothing to those who are known to come then.
            var slot = state.Case?.Find(bursts.Campaign.Id);
            if (slot is { Member: true } or { Timing: true }) continue;
            if (bursts.SurpriseOf(state.Moments, FewestMoments) is not (> 0 and var surprise) || surprise < AskedOf(bursts, snapshot)) continue;
            if ((slot ?? state.OpenCase().Open(bursts.Campaign.Id, input.Time)) is { Member: false } timed) timed.Timing = true;
        }
    }

    /// <summary>As much as the most surprising of all accounts would be by chance; of those that are only watched there are many, and any of them could be met.</summary>
    private static double AskedOf(BurstSet bursts, Snapshot snapshot) => snapshot.Policy.MomentSurprise + Math.Log(Math.Max(1, snapshot.Population.Active))
        + (bursts.Campaign.Active ? 0 : Math.Log(Math.Max(1, snapshot.Bursting.Length)));

    /// <summary>
    /// What its last requests say, before the campaign was suspected: those whose heads are the campaign's speak for it, others against; of one with the
    /// campaign's card no more than as much as one that does not match.
    /// </summary>
    private static float OwnBefore(AccountState state, CampaignSlot slot, in AccountInput input, CampaignSignature signature, Snapshot snapshot)
    {
        var known = 0;
        var current = input.Sketch[0] == 0 ? 0 : Trail.MarkOf(input.Sketch[0]);
        for (var i = 0; i < Trail.HeadCount; i++) known += state.Trail.Head(i) is var head && head != 0 && head != current && signature.HasHead(head) ? 1 : 0;
        var loss = HasCard(slot, snapshot) ? Loss(signature) : -1;
        return Math.Min(2, known * Gain(signature)) + (loss * Math.Max(0, RequestsBefore(state) - known));
    }

    private static int RequestsBefore(AccountState state)
    {
        long requests = 0;
        for (var i = 0; i < DailyTotals.Days; i++) requests += state.Behaviour.Days[state.Behaviour.Days.NewestDay - i].Requests;
        return (int)Math.Clamp(requests - 1, 0, 3);
    }

    private static bool Step(AccountState state, CampaignSlot slot, in AccountInput input, CampaignSignature signature, Snapshot snapshot)
    {
        var strong = 0;
        var weak = 0;
        byte classes = 0;
        SignatureEntry best = default;
        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            if (!ReportSet.TryGetToken(input, i, out var token) || !signature.TryGet(token, out var entry)) continue;
            if (entry.Strong) strong++;
            else weak++;
            var links = Links(entry, slot, snapshot.Policy);
            if (links || (slot.Member && signature.BurstsProved)) slot.NoteToken(input.Sketch[i]);
            if (!links) continue;
            classes |= (byte)(1 << TemplateSketch.ClassOf(i));
            if (WeightOf(entry, slot) > WeightOf(best, slot)) best = entry;
        }

        LinkValues(slot, input, signature, snapshot);
        var matched = slot.Member ? strong + weak >= 1 : strong >= (HasCard(slot, snapshot) ? 1 : 2);
        slot.Requests++;
        StepOwn(slot, matched, signature);
        Fade(slot, snapshot.Policy);
        if (matched) Note(state, slot, input, best, classes);
        return matched;
    }

    /// <summary>True when the campaign's card or device speaks for it: then one phrase of the campaign's is no chance.</summary>
    private static bool HasCard(CampaignSlot slot, Snapshot snapshot) =>
        Math.Max(slot.Link(CampaignSlot.PaymentIndex).Weight, slot.Link(CampaignSlot.DeviceIndex).Weight) >= snapshot.Policy.ValueWeight;

    /// <summary>A stranger needs a strong token; for a member, whose card or cohort speaks for it already, a phrase of the campaign's own will do.</summary>
    private static bool Links(in SignatureEntry entry, CampaignSlot slot, Policies.Policy policy) =>
        entry.Strong || (slot.Member && entry.MemberWeight >= policy.ValueWeight - 1);

    /// <summary>The share of an innocent's requests that match, who has a phrase in common with the campaign.</summary>
    public static float ChanceOf(CampaignSignature signature) => MathF.Min(0.3f, signature.MatchedShare / 2.5f);

    private static void StepOwn(CampaignSlot slot, bool matched, CampaignSignature signature)
    {
        slot.Own = Math.Clamp(slot.Own + (matched ? Gain(signature) : Loss(signature)), slot.Timing && !slot.Restored ? -1 : -8, 2);
    }

    /// <summary>What a request says that is the campaign's work, in nats, and what one that is not.</summary>
    private static float Gain(CampaignSignature signature) => MathF.Log(signature.MatchedShare / ChanceOf(signature));

    private static float Loss(CampaignSignature signature) => MathF.Log((1 - signature.MatchedShare) / (1 - ChanceOf(signature)));

    private static void Note(AccountState state, CampaignSlot slot, in AccountInput input, in SignatureEntry best, byte classes)
    {
        if (slot.Matched++ == 0)
        {
            slot.NewAtFirstMatch = state.Behaviour.SignupAt != 0 && input.Time - state.Behaviour.SignupAt < Day;
        }

        slot.Classes |= classes;
        Raise(slot, CampaignSlot.TemplateIndex, best);
    }

    private static void LinkValues(CampaignSlot slot, in AccountInput input, CampaignSignature signature, Snapshot snapshot)
    {
        for (var i = 0; i < ReportSet.ValueCount; i++)
        {
            var bit = ReportSet.Values + i;
            if (!ReportSet.TryGetToken(input, bit, out var token) || !signature.TryGet(token, out var entry)) continue;
            var index = CampaignSlot.IndexOf(ReportSet.KindAt(bit).Family());
            if (index >= 0 && entry.Vetoed && slot.Link(index).Fingerprint == ReportSet.At(input, bit)) slot.SetLink(index, default);
            if (index >= 0 && !entry.Vetoed && WeightOf(entry, slot) >= snapshot.Policy.ValueWeight) Raise(slot, index, entry);
        }
    }

    private static void Raise(CampaignSlot slot, int index, in SignatureEntry entry)
    {
        var weight = WeightOf(entry, slot);
        if (weight > slot.Link(index).Weight) slot.SetLink(index, new FamilyLink(entry.Fingerprint, weight, entry.Seen, entry.Expected));
    }

    private static void Fade(CampaignSlot slot, Policies.Policy policy)
    {
        for (var i = 0; i < CampaignSlot.FamilyCount; i++)
        {
            var link = slot.Link(i);
            if (link.Weight > 0) slot.SetLink(i, link with { Weight = link.Weight * policy.LinkFading });
        }
    }

    private static float WeightOf(in SignatureEntry entry, CampaignSlot slot) => slot.Member ? entry.MemberWeight : entry.Weight;
}
