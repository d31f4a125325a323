using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// Accounts that act as one, with the evidence for it and one status for all of them. Changes only at the end of an epoch; all that it is given is
/// sorted, so that the same trace gives the same campaign.
/// </summary>
public sealed class Campaign
{
    /// <summary>The most capability labels told apart.</summary>
    internal const int LabelLimit = 32;

    internal Campaign(CampaignId id) => Id = id;

    /// <summary>Its id, which it keeps.</summary>
    public CampaignId Id { get; }

    /// <summary>When it was founded: the end of that epoch, in milliseconds since 1970.</summary>
    public long FoundedAt { get; internal set; }

    /// <summary>What it was founded on.</summary>
    public Fingerprint FoundedOn { get; internal set; }

    /// <summary>Where it stands.</summary>
    public CampaignStatus Status { get; internal set; }

    /// <summary>When it first became active, 0 before.</summary>
    public long ActiveSince { get; internal set; }

    /// <summary>When a member was last seen.</summary>
    public long LastActivity { get; internal set; }

    /// <summary>Where a tombstone forwards to.</summary>
    public CampaignId MergedInto { get; internal set; }

    /// <summary>The campaign that it split off from.</summary>
    public CampaignId SplitFrom { get; internal set; }

    /// <summary>The campaigns that became part of it.</summary>
    public IReadOnlyList<CampaignId> Absorbed => AbsorbedList;

    /// <summary>What the evidence adds up to.</summary>
    public Assessment Assessment { get; internal set; }

    /// <summary>What was taken.</summary>
    public TakenLedger Taken { get; } = new();

    /// <summary>What became known when.</summary>
    public IReadOnlyList<CampaignEvent> Timeline => TimelineList;

    /// <summary>The probability that it is one operation's, 0..1: an unproved cohort stays below one half.</summary>
    public double Score => Math.Round(Likelihood.Probability(Assessment.Total) * (Assessment.Proofs == 0 ? 0.5 : 1), 4);

    /// <summary>True when a device founded it, or an address from which everything was refused: it is joined by pairs that have nothing else to show.</summary>
    public bool IsRing => FoundedOn.Kind is FingerprintKind.Device or FingerprintKind.Ip;

    /// <summary>How many members it has.</summary>
    public int MemberCount => Members.Count;

    /// <summary>The ids that it goes by: its own, and those of the campaigns that became part of it.</summary>
    internal HashSet<CampaignId> Names => [Id, .. AbsorbedList];

    internal MemberList Members { get; } = new();

    internal EvidenceTable Evidence { get; } = new(1024, 1024);

    internal TurnTaking Turns { get; } = new();

    internal BurstWatch Bursts { get; } = new();

    /// <summary>The number of accounts from which a ring is more likely one operation's than not: what a ring's members are given follows from their number, and is stored with none.</summary>
    internal int RingOf { get; set; } = Policy.Default.RingMembers;

    /// <summary>Members' requests with a prompt, those of members that left among them.</summary>
    internal int Prompts { get; set; }

    /// <summary>Members' requests, those of members that left among them.</summary>
    internal long Seen { get; set; }

    /// <summary>How it is recognised since its evidence was weighed last; null when that has to be done anew.</summary>
    internal CampaignSignature? Signature { get; set; }

    /// <summary>When its evidence was weighed last, and how many requests there were then.</summary>
    internal long WeighedAt { get; set; }

    internal long WeighedSeen { get; set; }

    internal List<string> Labels { get; } = [];

    internal List<CampaignId> AbsorbedList { get; } = [];

    internal List<CampaignEvent> TimelineList { get; } = [];

    /// <summary>Walks of members that left: without them the survivors would look guilty.</summary>
    internal (double Walk, double Lenient) Departed { get; set; }

    internal bool Narrow { get; set; }

    /// <summary>The population as of the last end of an epoch.</summary>
    internal PopulationView Population { get; set; }

    internal CoordinationProofs Proved { get; set; }

    /// <summary>Founds a campaign on a proposal at the end of an epoch; its id is the one that its place got, perhaps in an earlier epoch.</summary>
    public static Campaign Found(CampaignId id, Proposal proposal, long end)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var campaign = new Campaign(id) { FoundedAt = end, FoundedOn = proposal.Token, LastActivity = end };
        campaign.TimelineList.Add(new CampaignEvent(end, CampaignEventKind.Founded, proposal.Members.Count, default));
        if (proposal.IsOfMoments) campaign.Bursts.Begin(SharedMoments.Of(proposal.Members[0], proposal.Members[1]));
        return campaign;
    }

    /// <summary>What a campaign answers that does not exist, for instance because its record could not be read: whoever speaks to it is no member.</summary>
    public static CampaignOutcome Gone(CampaignCall call, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(call);
        var accounts = new SortedSet<AccountId>(call.Input.Joins.Select(j => j.Account).Concat(call.Input.Activity.Select(a => a.Sighting.Account)));
        var none = new Campaign(call.Campaign) { Status = CampaignStatus.Closed };
        Standing[] standings = [.. accounts.Select(a => new Standing(a, call.Campaign, StandingChange.Left, false, default))];
        return new CampaignOutcome(SignatureRules.Of(none, call.Population, policy), standings, false, null, 0);
    }

    /// <summary>What no member has shown since then weighs nothing any more.</summary>
    internal long ExpiredBefore(Policy policy) => LastActivity - policy.EvidenceExpiry;

    /// <summary>Works the end of an epoch. A popularity below 0 stands for one that is not known now: then the last one known counts.</summary>
    public CampaignOutcome Close(CampaignInput input, Func<Fingerprint, int> popularity, PopulationView population, Policy policy) =>
        CampaignRules.Close(this, input, popularity, population, policy);

    /// <summary>What the end of an epoch asks the popularity of, and perhaps a little more: what members share, and what the input shows.</summary>
    public IReadOnlyCollection<Fingerprint> Needs(CampaignInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var needs = new HashSet<Fingerprint>(Evidence.Entries.Where(e => e.Holders.Count >= 2).Select(e => e.Fingerprint));
        foreach (var sighting in input.Joins.Concat(input.Activity.Select(a => a.Sighting))) needs.UnionWith(sighting.Shown.Where(f => !f.IsNone));
        return needs;
    }

    /// <summary>Takes in what accounts said when they learned that they are members.</summary>
    public void Acknowledge(IEnumerable<JoinReply> replies)
    {
        ArgumentNullException.ThrowIfNull(replies);
        foreach (var reply in replies)
        {
            if (!Members.TryGetValue(reply.Account, out var member)) continue;
            member.Name = reply.Name;
            Taken.AddEstimate(reply.Requests, reply.InputTokens, reply.OutputTokens, reply.AlsoIn);
        }
    }

    /// <summary>How it is recognised between two ends of epochs: its evidence is weighed with the popularity known last.</summary>
    public CampaignSignature SignatureNow(PopulationView population, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        foreach (var entry in Evidence.Entries) entry.Weigh(MemberCount, -1, population, policy, ExpiredBefore(policy));
        return SignatureRules.Of(this, population, policy);
    }

    /// <summary>The same, in the population of the last end of an epoch.</summary>
    public CampaignSignature SignatureNow(Policy policy) => SignatureNow(Population, policy);

    /// <summary>Closes it for good, because there are too many; its members are told that they left.</summary>
    public IReadOnlyList<Standing> Dissolve()
    {
        Standing[] standings = [.. Members.Keys.Select(m => new Standing(m, Id, StandingChange.Left, false, default))];
        Members.Clear();
        Status = CampaignStatus.Closed;
        return standings;
    }

    /// <summary>Becomes a tombstone that forwards to the campaign that took it in.</summary>
    public void Bury(CampaignId into, long end) => CampaignLineage.Bury(this, into, end);

    /// <summary>Takes in another campaign, which has to be buried then. Its members are told that they moved.</summary>
    public IReadOnlyList<Standing> Absorb(Campaign other, long end) => CampaignLineage.Absorb(this, other, end);

    /// <summary>The members, by account, from after the given one on.</summary>
    public IEnumerable<MemberView> MembersAfter(AccountId? after) => Members.Values
        .Where(m => after is null || m.Account > after.Value)
        .Select(m => new MemberView(m.Account, m.Name, Math.Round(Likelihood.Probability(IsRing ? Math.Log((MemberCount + 0.5) / RingOf) : m.Score), 4), m.Since, m.Requests, m.Matched, m.Banned));

    /// <summary>Why it is one, strongest first: of each kind of fingerprint the one that weighs most, what it was founded on, and when its accounts act; each with what was seen and what was expected.</summary>
    public IReadOnlyList<Reason> Reasons(Policy policy) => CampaignReasons.Of(this, policy);

    /// <summary>The strongest evidence, strongest first, weighed with the popularity and the population known last.</summary>
    public IReadOnlyList<EvidenceView> StrongestEvidence(int limit, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        foreach (var entry in Evidence.Entries) entry.Weigh(MemberCount, -1, Population, policy, ExpiredBefore(policy));
        return [.. Evidence.Entries
            .Where(e => e.Holders.Count >= 2 && e.Weight >= policy.ValueWeight)
            .OrderByDescending(e => e.Weight).ThenByDescending(e => e.Holders.Count).ThenBy(e => e.Fingerprint)
            .Take(limit)
            .Select(e => new EvidenceView(e.Fingerprint, Math.Round(e.Weight, 4), e.Holders.Count, e.Outside, e.FirstSeen, e.LastSeen))];
    }
}

/// <summary>A member as operators see it.</summary>
/// <param name="Account">Who.</param>
/// <param name="Name">Its name.</param>
/// <param name="Probability">The probability that it belongs, as it last judged itself.</param>
/// <param name="Since">When it joined, in milliseconds since 1970.</param>
/// <param name="Requests">Its requests since then.</param>
/// <param name="Matched">Those that are the campaign's work.</param>
/// <param name="Banned">True when it was banned elsewhere.</param>
public sealed record MemberView(AccountId Account, string Name, double Probability, long Since, int Requests, int Matched, bool Banned);

/// <summary>A piece of evidence as operators see it.</summary>
/// <param name="Fingerprint">What members share.</param>
/// <param name="Weight">What it is worth, in nats.</param>
/// <param name="Members">How many members have it.</param>
/// <param name="Outside">How many other accounts have it.</param>
/// <param name="FirstSeen">When a member first showed it.</param>
/// <param name="LastSeen">When a member last showed it.</param>
public sealed record EvidenceView(Fingerprint Fingerprint, double Weight, int Members, int Outside, long FirstSeen, long LastSeen);
