using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Campaigns;

/// <summary>What the end of an epoch does to a campaign.</summary>
internal static class CampaignRules
{
    private const int SmallestCohort = 4;
    private const int LargestUnasked = 8;
    private const long WeighEvery = 600_000;
    private const int TimelineLimit = 256;

    public static CampaignOutcome Close(Campaign campaign, CampaignInput input, Func<Fingerprint, int> popularity, PopulationView population, Policy policy)
    {
        if (campaign.Status == CampaignStatus.Merged) return Forward(campaign, input, population, policy);
        var before = campaign.Status;
        campaign.Population = population;
        var standings = new SortedDictionary<AccountId, Standing>();
        var founded = campaign.MemberCount < LargestUnasked;
        var heads = founded || input.Joins.Count == 0 ? [] : SignatureRules.Heads(campaign, policy);
        foreach (var sighting in input.Joins)
        {
            if (founded || campaign.IsRing || sighting.Is(SightingTraits.Paired) || campaign.Members.ContainsKey(sighting.Account) || Related(campaign, sighting, heads, policy)) Join(campaign, sighting, input.End, policy, standings);
            else standings[sighting.Account] = new Standing(sighting.Account, campaign.Id, StandingChange.Left, false, default);
        }

        foreach (var activity in input.Activity) Take(campaign, activity, input.End, policy, standings);
        Evict(campaign, standings);
        NoteBursts(campaign, input.End, policy);
        ChooseRhythm(campaign);
        campaign.Evidence.Trim(input.End, policy, campaign.FoundedOn.Kind == FingerprintKind.Ip ? campaign.FoundedOn : default);
        if (campaign.Signature is null || Due(campaign, input, standings.Count, policy))
        {
            Weigh(campaign, input.End, popularity, population, policy);
            campaign.Signature = SignatureRules.Of(campaign, population, policy);
        }

        var changed = standings.Count > 0 || campaign.Status != before;
        var split = changed ? CampaignLineage.Split(campaign, input.End) : null;
        Tell(campaign, campaign.Status != before, standings);
        return new CampaignOutcome(split is null ? campaign.Signature : SignatureRules.Of(campaign, population, policy), [.. standings.Values], changed, split, campaign.LastActivity);
    }

    /// <summary>What many requests said is not weighed anew for each that comes: only when they are more by a fiftieth, when somebody came or left, or after ten minutes.</summary>
    private static bool Due(Campaign campaign, CampaignInput input, int changes, Policy policy) =>
        changes > 0 || input.Joins.Count > 0 || input.End - campaign.WeighedAt >= WeighEvery || campaign.Seen - campaign.WeighedSeen >= 0.02 * campaign.Seen
        || (campaign.Status == CampaignStatus.Dormant) != (input.End - campaign.LastActivity > policy.DormantAfter);

    private static void Weigh(Campaign campaign, long end, Func<Fingerprint, int> popularity, PopulationView population, Policy policy)
    {
        (campaign.WeighedAt, campaign.WeighedSeen) = (end, campaign.Seen);
        campaign.Evidence.Credit(campaign.Members.All);
        BlockVeto.Apply(campaign, campaign.Proved != 0 || campaign.Assessment.Newness >= 3, policy);
        foreach (var entry in campaign.Evidence.Shared) entry.Weigh(campaign.MemberCount, popularity(entry.Fingerprint), population, policy, end - policy.EvidenceExpiry);

        Assess(campaign, end, population, policy);
    }

    /// <summary>A tombstone takes nobody in: who still speaks to it did not hear that it moved.</summary>
    private static CampaignOutcome Forward(Campaign campaign, CampaignInput input, PopulationView population, Policy policy)
    {
        var accounts = new SortedSet<AccountId>(input.Joins.Select(j => j.Account).Concat(input.Activity.Select(a => a.Sighting.Account)));
        Standing[] standings = [.. accounts.Select(a => new Standing(a, campaign.Id, StandingChange.Moved, false, campaign.MergedInto))];
        return new CampaignOutcome(SignatureRules.Of(campaign, population, policy), standings, false, null, campaign.LastActivity) { ForwardTo = campaign.MergedInto };
    }

    public static void Note(Campaign campaign, long time, CampaignEventKind kind, CampaignId other = default)
    {
        if (campaign.TimelineList.Count == TimelineLimit) campaign.TimelineList.RemoveAt(1);
        campaign.TimelineList.Add(new CampaignEvent(time, kind, campaign.MemberCount, other));
    }

    /// <summary>How many more accounts it takes: what nothing but a template joins is one object that went round, and is watched in part.</summary>
    public static int RoomOf(Campaign campaign, Policy policy) => campaign.IsRing || campaign.Proved != 0 || campaign.Assessment.FamilyHolds
        ? int.MaxValue : Math.Max(0, policy.UnprovedMembers - campaign.MemberCount);

    private static void Join(Campaign campaign, Sighting sighting, long end, Policy policy, SortedDictionary<AccountId, Standing> standings)
    {
        if (!campaign.Members.TryGetValue(sighting.Account, out var member))
        {
            if (campaign.MemberCount >= policy.MemberLimit || RoomOf(campaign, policy) == 0)
            {
                standings[sighting.Account] = new Standing(sighting.Account, campaign.Id, StandingChange.Left, false, default);
                return;
            }

            member = new Member(sighting.Account) { Since = end, Score = (float)policy.ChallengeScore };
            campaign.Members.TryAdd(member);
        }

        // Who asks though it is a member was told and did not hear it.
        standings[member.Account] = new Standing(member.Account, campaign.Id, StandingChange.Joined, false, default);
        See(campaign, member, sighting, Sighting.SampleTokens);
        for (var i = 0; i < Sighting.EarlierCount; i++) campaign.Evidence.Add(sighting.Earlier(i), member.Mark, sighting.Time);
    }

    /// <summary>
    /// A cohort that some members are in by chance must not bring all its accounts: who joins shows something of the campaign's itself, a value, or two
    /// of its phrases, in this prompt or in those before.
    /// </summary>
    private static bool Related(Campaign campaign, Sighting sighting, HashSet<uint> heads, Policy policy)
    {
        for (var i = 0; i < Sighting.ValueCount; i++)
        {
            var value = sighting.Value(i);
            if (!value.IsNone && campaign.Evidence.Find(value.Token) is { Vetoed: false, Holders.Count: >= 2 } evidence && evidence.Weight >= policy.ValueWeight) return true;
        }

        var phrases = 0;
        for (var i = 0; i < Sighting.SampleTokens; i++) phrases += SignatureRules.IsPhrase(campaign, sighting.Token(i), policy) ? 1 : 0;
        for (var i = 0; i < sighting.OtherHeads; i++) phrases += heads.Contains(sighting.OtherHead(i)) ? 1 : 0;
        return phrases >= 2;
    }

    private static void See(Campaign campaign, Member member, Sighting sighting, int tokens)
    {
        member.See(sighting);
        campaign.LastActivity = Math.Max(campaign.LastActivity, sighting.Time);
        for (var i = 0; i < Sighting.ValueCount; i++) campaign.Evidence.Add(sighting.Value(i), member.Mark, sighting.Time);
        for (var i = 0; i < tokens; i++) campaign.Evidence.Add(sighting.Token(i), member.Mark, sighting.Time);
        campaign.Seen++;
        if (!sighting.Sketch.IsEmpty) campaign.Prompts++;
    }

    private static void Take(Campaign campaign, MemberActivity activity, long end, Policy policy, SortedDictionary<AccountId, Standing> standings)
    {
        if (activity.Joins)
        {
            Join(campaign, activity.Sighting, end, policy, standings);
            if (campaign.Members.TryGetValue(activity.Sighting.Account, out var joined)) joined.Ask(activity);
            return;
        }

        if (!campaign.Members.TryGetValue(activity.Sighting.Account, out var member))
        {
            // It was evicted, and the message that said so was lost.
            standings[activity.Sighting.Account] = new Standing(activity.Sighting.Account, campaign.Id, StandingChange.Left, false, default);
            return;
        }

        if (!member.Take(activity.Number)) return;

        // Told to a campaign that is part of this one now, and to this one as well.
        if (activity.AlsoIn == campaign.Id || campaign.AbsorbedList.Contains(activity.AlsoIn)) return;
        if (activity.Name.Length > 0) member.Name = activity.Name;
        if (activity.Bans != 0)
        {
            if (activity.Bans > 0 && !member.Banned) Note(campaign, end, CampaignEventKind.MemberBanned);
            member.Banned = activity.Bans > 0;
            if (activity.Bans < 0 && policy.RestoreWeight > 0) member.SpeakFor();
            return;
        }

        campaign.Taken.Add(activity.Capability, activity.Model, activity.Sighting.Time, activity.IsRequest ? 1 : 0, activity.InputTokens, activity.OutputTokens, activity.AlsoIn);
        if (!activity.IsRequest) return;
        See(campaign, member, activity.Sighting, TemplateSketch.Length);
        member.Score = activity.Score;
        if (!activity.Sighting.Sketch.IsEmpty) member.Step(activity.Matched, policy);
        campaign.Turns.Take(member, campaign.MemberCount);
        campaign.Bursts.Take(member.Mark, activity.Sighting.Time);

        // Of many templates few are known at first: until the campaign is active, what is asked for in its bursts says what it wants.
        if ((activity.Matched || (campaign.ActiveSince == 0 && member.InBursts)) && activity.Capability is { } capability) member.Asked(LabelOf(campaign, capability));
    }

    public static byte LabelOf(Campaign campaign, string capability)
    {
        var at = campaign.Labels.IndexOf(capability);
        if (at >= 0) return (byte)at;
        if (campaign.Labels.Count == Campaign.LabelLimit) return Campaign.LabelLimit;
        campaign.Labels.Add(capability);
        return (byte)(campaign.Labels.Count - 1);
    }

    /// <summary>
    /// Who does none of the campaign's work leaves; what it spoke for or against stays. Not who comes when the campaign does, where that is proved: of many
    /// templates, few are known at first. And not who repeats another member: what these two share is new each time, and no template of the campaign's.
    /// </summary>
    private static void Evict(Campaign campaign, SortedDictionary<AccountId, Standing> standings)
    {
        if (campaign.IsRing || campaign.MemberCount < SmallestCohort) return;
        var timed = (campaign.Proved & (CoordinationProofs.Turns | CoordinationProofs.Bursts)) != 0;
        ForgetLonePair(campaign);
        List<Member>? leaving = null;
        foreach (var member in campaign.Members.All)
        {
            if (member.Banned || member.Paired || !DoesNothing(member) || (timed && member.TimingNow)) continue;
            (leaving ??= []).Add(member);
        }

        foreach (var member in leaving ?? [])
        {
            campaign.Members.Remove(member.Account);
            campaign.Evidence.Forget(member.Mark);
            campaign.Departed = (campaign.Departed.Walk + member.Walk, campaign.Departed.Lenient + member.LenientWalk);
            standings[member.Account] = new Standing(member.Account, campaign.Id, StandingChange.Left, false, default);
        }
    }

    /// <summary>Who repeated a member that is gone repeats nobody here.</summary>
    private static void ForgetLonePair(Campaign campaign)
    {
        Member? lone = null;
        foreach (var member in campaign.Members.All)
        {
            if (!member.Paired) continue;
            if (lone is not null) return;
            lone = member;
        }

        if (lone is not null) lone.Paired = false;
    }

    private static bool DoesNothing(Member member) =>
        (member.Requests >= 7 && member.Matched == 0) || (member.Requests >= 20 && member.Matched < 0.1 * member.Requests);

    private static void NoteBursts(Campaign campaign, long end, Policy policy)
    {
        Dictionary<uint, Member>? byMark = null;
        var likely = campaign.Bursts.Likely(policy);
        campaign.Bursts.Close(end, campaign.MemberCount, policy, (mark, burst) =>
        {
            if (!likely) return;
            byMark ??= campaign.Members.Values.ToDictionary(m => m.Mark);
            if (!byMark.TryGetValue(mark, out var member)) return;
            if (burst) member.BurstHits++;
            else member.BurstMisses++;
        });
    }

    /// <summary>When most members whose bursts are known come in them, that is the campaign's rhythm, and turns are none.</summary>
    private static void ChooseRhythm(Campaign campaign)
    {
        int known = 0, inBursts = 0;
        foreach (var member in campaign.Members.All)
        {
            if (member.BurstHits + member.BurstMisses == 0) continue;
            known++;
            inBursts += member.InBursts ? 1 : 0;
        }

        var together = inBursts >= SmallestCohort && inBursts >= 0.5 * known;
        foreach (var member in campaign.Members.All) member.TurnsSayNothing = together;
    }

    private static void Assess(Campaign campaign, long end, PopulationView population, Policy policy)
    {
        var assessment = Assessment.Of(campaign, population, policy);
        Prove(campaign, assessment, end);
        campaign.Narrow = assessment.Narrow;
        campaign.Assessment = assessment;
        campaign.RingOf = policy.RingMembers;
        if (end - campaign.LastActivity > policy.DormantAfter)
        {
            if (campaign.Status != CampaignStatus.Dormant) Note(campaign, end, CampaignEventKind.FellSilent);
            campaign.Status = CampaignStatus.Dormant;
        }
        else if (campaign.Status == CampaignStatus.Active)
        {
            if (campaign.MemberCount > 0 && assessment is { Total: >= 0, FamilyHolds: true, Narrow: true, OneCustomer: false }) return;
            campaign.Status = campaign.MemberCount == 0 ? CampaignStatus.Closed : CampaignStatus.Watched;
            Note(campaign, end, CampaignEventKind.Lapsed);
        }
        else if (campaign.MemberCount == 0)
        {
            campaign.Status = CampaignStatus.Closed;
        }
        else if (Proven(campaign, assessment, policy))
        {
            campaign.Status = CampaignStatus.Active;
            if (campaign.ActiveSince == 0) campaign.ActiveSince = end;
            Note(campaign, end, CampaignEventKind.Activated);
        }
        else if (campaign.Status == CampaignStatus.Dormant)
        {
            campaign.Status = CampaignStatus.Watched;
        }
    }

    private static void Prove(Campaign campaign, in Assessment assessment, long end)
    {
        var fresh = assessment.Proofs & ~campaign.Proved;
        campaign.Proved |= fresh;
        if (fresh.HasFlag(CoordinationProofs.Turns)) Note(campaign, end, CampaignEventKind.TurnsProved);
        if (fresh.HasFlag(CoordinationProofs.Cards)) Note(campaign, end, CampaignEventKind.CardsProved);
        if (fresh.HasFlag(CoordinationProofs.Bursts)) Note(campaign, end, CampaignEventKind.BurstsProved);
        if (fresh.HasFlag(CoordinationProofs.Exits)) Note(campaign, end, CampaignEventKind.ExitsProved);
    }

    private static bool Proven(Campaign campaign, in Assessment assessment, Policy policy)
    {
        if (assessment.Proofs == 0 || !assessment.FamilyHolds || !assessment.Narrow || assessment.NetworkAlone || assessment.OneCustomer || assessment.Total < policy.ActiveTotal) return false;
        var independent = campaign.Members.Values.Count(m => m.Organization == 0)
            + campaign.Members.Values.Where(m => m.Organization != 0).Select(m => m.Organization).Distinct().Count();
        return independent >= policy.ActiveMembers;
    }

    private static void Tell(Campaign campaign, bool everybody, SortedDictionary<AccountId, Standing> standings)
    {
        var proved = (campaign.Proved & (CoordinationProofs.Turns | CoordinationProofs.Bursts)) != 0;
        foreach (var member in campaign.Members.All)
        {
            var timing = proved && member.TimingNow;
            var known = standings.TryGetValue(member.Account, out var standing);
            if (known) standings[member.Account] = standing with { Timing = timing };
            else if (everybody || timing != member.Timing) standings[member.Account] = new Standing(member.Account, campaign.Id, StandingChange.Changed, timing, default);
            member.Timing = timing;
        }
    }
}
