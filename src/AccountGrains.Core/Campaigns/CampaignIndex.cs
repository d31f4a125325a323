using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Campaigns;

/// <summary>Where a proposal's accounts go.</summary>
/// <param name="Campaign">Which campaign.</param>
/// <param name="Founding">The proposal that founds it; null when it exists.</param>
/// <param name="Joins">The accounts to take in, by account.</param>
public sealed record Placement(CampaignId Campaign, Proposal? Founding, IReadOnlyList<Sighting> Joins);

/// <summary>Two campaigns that are one.</summary>
/// <param name="From">The younger, which becomes a tombstone.</param>
/// <param name="Into">The older, whose id stays.</param>
public readonly record struct Merger(CampaignId From, CampaignId Into);

/// <summary>What the index keeps of a campaign.</summary>
public sealed class IndexEntry
{
    /// <summary>Which campaign.</summary>
    public required CampaignId Id { get; init; }

    /// <summary>When it was founded.</summary>
    public required long FoundedAt { get; init; }

    /// <summary>How it is recognised; null before its first epoch's end.</summary>
    public CampaignSignature? Signature { get; internal set; }

    /// <summary>When a member last did something, as far as the index was told.</summary>
    public long LastActivity { get; internal set; }

    /// <summary>Its members.</summary>
    public IReadOnlyCollection<AccountId> Members => Accounts;

    internal SortedSet<AccountId> Accounts { get; } = [];

    internal int CheckedAt { get; set; }

    internal bool IsRing { get; set; }
}

/// <summary>All campaigns and who is in which: decides where a cohort goes, and which campaigns are one.</summary>
public sealed class CampaignIndex
{
    private const int SmallestOverlap = 4;
    private const int SmallestTokens = 5;
    private const int SmallestCards = 2;
    private const int SmallestBursts = 3;
    private const int AlwaysChecked = 50;
    private const double Growth = 1.2;
    private readonly SortedDictionary<CampaignId, IndexEntry> _campaigns = [];
    private readonly Dictionary<AccountId, List<CampaignId>> _membership = [];
    private readonly Dictionary<ulong, SortedSet<CampaignId>> _byToken = [];
    private readonly Dictionary<ulong, SortedSet<CampaignId>> _byCard = [];
    private readonly Dictionary<ulong, SortedSet<CampaignId>> _byBurst = [];

    /// <summary>The campaigns, by id.</summary>
    public IReadOnlyDictionary<CampaignId, IndexEntry> Campaigns => _campaigns;

    /// <summary>The campaigns of an account.</summary>
    public IReadOnlyList<CampaignId> CampaignsOf(AccountId account) => _membership.TryGetValue(account, out var list) ? list : [];

    /// <summary>Takes in a campaign as it was stored.</summary>
    public void Restore(CampaignId id, long foundedAt, long lastActivity, IEnumerable<AccountId> members, CampaignSignature? signature)
    {
        ArgumentNullException.ThrowIfNull(members);
        var entry = Entry(id, foundedAt);
        entry.LastActivity = lastActivity;
        foreach (var account in members) Enter(entry, account);
        Replace(entry, signature);
    }

    /// <summary>Finds a place for each proposal, in their order; what the first founds, the next can join.</summary>
    public IReadOnlyList<Placement> Place(IReadOnlyList<Proposal> proposals, long end)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        var placements = new List<Placement>();
        var founded = new HashSet<CampaignId>();
        foreach (var proposal in proposals)
        {
            var existing = ByMembers(proposal) ?? (proposal.IsPair ? null : ByVotes(proposal));

            // One that was placed before and never heard of since: the answer was lost, and is given again.
            var unheard = existing is { } known && !founded.Contains(known) && _campaigns[known].Signature is null;
            var joins = proposal.Members.Where(m => CanJoin(m.Account, existing) || (unheard && CampaignsOf(m.Account).Contains(existing!.Value))).ToList();
            if (joins.Count == 0 || (existing is null && joins.Count < (proposal.IsPair ? 2 : SmallestOverlap))) continue;
            var id = existing ?? CampaignId.Found(proposal.Token, proposal.Members[0].Account, end);
            var isNew = unheard || !_campaigns.ContainsKey(id);
            if (!unheard && isNew) founded.Add(id);
            var entry = Entry(id, end);
            entry.LastActivity = end;
            entry.IsRing |= isNew && proposal.IsRing;
            foreach (var join in joins) Enter(entry, join.Account);
            placements.Add(new Placement(id, isNew ? proposal : null, joins));
        }

        return placements;
    }

    /// <summary>Takes in what the end of an epoch did to campaigns, and says which of them are one now.</summary>
    public IReadOnlyList<Merger> Update(IReadOnlyList<CampaignOutcome> outcomes, long end, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        ArgumentNullException.ThrowIfNull(policy);
        foreach (var outcome in outcomes) Update(outcome, end);
        var mergers = new List<Merger>();
        var gone = new HashSet<CampaignId>();
        foreach (var outcome in outcomes.OrderBy(o => o.Signature.Id))
        {
            if (!_campaigns.TryGetValue(outcome.Signature.Id, out var entry) || gone.Contains(entry.Id)) continue;
            if (entry.Accounts.Count > AlwaysChecked && entry.Accounts.Count < Growth * entry.CheckedAt) continue;
            entry.CheckedAt = entry.Accounts.Count;
            if (Twin(entry, gone, policy) is not { } twin) continue;
            var (from, into) = Older(entry, twin) ? (twin, entry) : (entry, twin);
            mergers.Add(new Merger(from.Id, into.Id));
            gone.Add(from.Id);
            Merge(from, into);
        }

        return mergers;
    }

    /// <summary>The signature of a campaign that took another in.</summary>
    public void Update(CampaignSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (_campaigns.TryGetValue(signature.Id, out var entry)) Replace(entry, signature);
    }

    /// <summary>Campaigns whose members were silent so long that their end of epoch is due without them.</summary>
    public IEnumerable<CampaignId> Silent(long end, Policy policy) =>
        _campaigns.Values.Where(c => c.LastActivity < end - policy.DormantAfter).Select(c => c.Id);

    /// <summary>Watched campaigns to close, smallest and longest silent first, so that no more than the limit are left.</summary>
    public IReadOnlyList<CampaignId> Surplus(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return _campaigns.Count <= policy.CampaignLimit ? [] :
            [.. _campaigns.Values.Where(c => c.Signature is { Active: false })
                .OrderBy(c => c.Accounts.Count).ThenBy(c => c.LastActivity).ThenBy(c => c.Id)
                .Take(_campaigns.Count - policy.CampaignLimit).Select(c => c.Id)];
    }

    /// <summary>Forgets a campaign.</summary>
    public void Remove(CampaignId id)
    {
        if (!_campaigns.Remove(id, out var entry)) return;
        foreach (var account in entry.Accounts) Leave(account, id);
        Replace(entry, null);
    }

    private void Update(CampaignOutcome outcome, long end)
    {
        var entry = Entry(outcome.Signature.Id, outcome.Signature.FoundedAt);
        foreach (var standing in outcome.Standings)
        {
            if (standing.Change == StandingChange.Joined) Enter(entry, standing.Account);
            if (standing.Change != StandingChange.Left) continue;
            entry.Accounts.Remove(standing.Account);
            Leave(standing.Account, entry.Id);
        }

        entry.LastActivity = outcome.LastActivity;
        Replace(entry, outcome.Signature);
        if (outcome.Split is { } split)
        {
            var part = Entry(split.Id, split.FoundedAt);
            part.LastActivity = end;
            foreach (var account in split.Members.Keys)
            {
                entry.Accounts.Remove(account);
                Leave(account, entry.Id);
                Enter(part, account);
            }
        }

        if (entry.Accounts.Count == 0) Remove(entry.Id);
    }

    private CampaignId? ByMembers(Proposal proposal)
    {
        var counts = Count(proposal.Members.SelectMany(m => CampaignsOf(m.Account)));
        if (proposal.IsRing) return Best(counts.Where(c => _campaigns[c.Key].IsRing));
        return Best(counts.Where(c => c.Value >= (proposal.IsPair && !proposal.IsOfMoments ? 1 : 2) && c.Value >= 0.3 * proposal.Members.Count));
    }

    /// <summary>Tokens that at least two of the cohort's own members have, and that a campaign is recognised by: two, from head and tail.</summary>
    private CampaignId? ByVotes(Proposal proposal)
    {
        var votes = new Dictionary<CampaignId, (int Head, int Tail)>();
        for (var position = 0; position < 4; position++)
        {
            var class0 = TemplateSketch.ClassOf(position) == 0;
            foreach (var token in proposal.Members.Select(m => m.Token(position)).Where(t => !t.IsNone).GroupBy(t => t).Where(g => g.Count() >= 2).Select(g => g.Key))
            {
                if (!_byToken.TryGetValue(token.Token, out var campaigns)) continue;
                foreach (var id in campaigns)
                {
                    var (head, tail) = votes.GetValueOrDefault(id);
                    votes[id] = class0 ? (head + 1, tail) : (head, tail + 1);
                }
            }
        }

        return Best(votes.Where(v => v.Value is { Head: > 0, Tail: > 0 }).Select(v => KeyValuePair.Create(v.Key, v.Value.Head + v.Value.Tail)));
    }

    private CampaignId? Best(IEnumerable<KeyValuePair<CampaignId, int>> counts)
    {
        var best = counts.OrderByDescending(c => c.Value).ThenBy(c => _campaigns[c.Key].FoundedAt).ThenBy(c => c.Key).Select(c => c.Key).FirstOrDefault();
        return best.IsNone ? null : best;
    }

    private bool CanJoin(AccountId account, CampaignId? campaign)
    {
        var joined = CampaignsOf(account);
        return (campaign is null || !joined.Contains(campaign.Value)) && joined.Count < Accounts.CaseFile.SlotLimit;
    }

    private IndexEntry? Twin(IndexEntry entry, HashSet<CampaignId> gone, Policy policy)
    {
        var shared = Count(entry.Accounts.SelectMany(CampaignsOf));
        var tokens = Count(Phrases(entry.Signature).SelectMany(t => _byToken.TryGetValue(t.Token, out var ids) ? ids : []));
        var cards = Count((entry.Signature?.Cards ?? []).SelectMany(c => _byCard.TryGetValue(c.Token, out var ids) ? ids : []));
        var bursts = Count((entry.Signature?.Bursts ?? []).SelectMany(b => _byBurst.TryGetValue((ulong)b, out var ids) ? ids : []));
        return shared.Keys.Union(tokens.Keys).Union(cards.Keys).Union(bursts.Keys).Order()
            .Where(id => id != entry.Id && !gone.Contains(id) && _campaigns.ContainsKey(id))
            .Select(id => _campaigns[id])
            .Where(other => other.Signature is not null && Fits(entry, other))
            .FirstOrDefault(other => SameMembers(entry, other, shared.GetValueOrDefault(other.Id))
                || SameTokens(entry, other, tokens.GetValueOrDefault(other.Id), policy)
                || SameCards(entry, other, cards.GetValueOrDefault(other.Id), policy)
                || SameBursts(entry, other, bursts.GetValueOrDefault(other.Id)));
    }

    /// <summary>What nothing but a template joins does not grow by merging either.</summary>
    private static bool Fits(IndexEntry entry, IndexEntry other) =>
        Math.Max(entry.Signature?.Room ?? 0, other.Signature!.Room) >= Math.Min(entry.Accounts.Count, other.Accounts.Count);

    private static bool SameMembers(IndexEntry entry, IndexEntry other, int common) => (common > 0 && entry.IsRing && other.IsRing) || (
        common >= SmallestOverlap && common >= 0.5 * Math.Min(entry.Accounts.Count, other.Accounts.Count));

    /// <summary>Cohorts that act at the same moments, one of them provably as one, and want the same.</summary>
    private static bool SameBursts(IndexEntry entry, IndexEntry other, int common) =>
        common >= SmallestBursts && common >= 0.4 * Math.Min(entry.Signature!.Bursts.Count, other.Signature!.Bursts.Count)
        && ((entry.Signature.Proofs | other.Signature.Proofs) & (CoordinationProofs.Turns | CoordinationProofs.Bursts)) != 0 && SameWishes(entry.Signature, other.Signature);

    /// <summary>Cosine of what both ask for; true where nothing is known.</summary>
    private static bool SameWishes(CampaignSignature one, CampaignSignature other)
    {
        double dot = 0, ones = one.Capabilities.Sum(c => (double)c.Count * c.Count), others = other.Capabilities.Sum(c => (double)c.Count * c.Count);
        foreach (var (label, count) in one.Capabilities) dot += (double)count * other.Capabilities.FirstOrDefault(c => c.Label == label).Count;
        return ones == 0 || others == 0 || dot >= 0.5 * Math.Sqrt(ones * others);
    }

    private static bool SameTokens(IndexEntry entry, IndexEntry other, int common, Policy policy) =>
        common >= SmallestTokens && ClassesInCommon(entry, other) >= 2 && common >= TokenShare(entry, other, policy) * Math.Max(SmallestTokens, Math.Min(Phrases(entry.Signature).Count(), Phrases(other.Signature).Count()));

    /// <summary>
    /// The share of the smaller one's phrases that both must have. Of two fleets with many templates, each proved to act as one, neither knows more than
    /// a part of the templates: the less of them have to be known to both.
    /// </summary>
    private static double TokenShare(IndexEntry entry, IndexEntry other, Policy policy) =>
        entry.Signature is { BurstsProved: true } && other.Signature is { BurstsProved: true } && SameWishes(entry.Signature, other.Signature) ? policy.MergeTokensTogether : policy.MergeTokens;

    /// <summary>
    /// Cohorts with different templates that pay with the same several cards, which are most of what either pays with. One card would be a company
    /// with two prompts.
    /// </summary>
    private static bool SameCards(IndexEntry entry, IndexEntry other, int common, Policy policy) =>
        common >= SmallestCards && CardCover(entry, other) >= policy.MergeCards && CardCover(other, entry) >= policy.MergeCards;

    /// <summary>The share of a campaign's members that hold a card that the other's members share too.</summary>
    private static double CardCover(IndexEntry entry, IndexEntry other)
    {
        var theirs = (other.Signature?.Cards ?? []).Select(c => c.Token).ToHashSet();
        return (double)(entry.Signature?.Cards ?? []).Where(c => theirs.Contains(c.Token)).Sum(c => c.Members) / Math.Max(1, entry.Accounts.Count);
    }

    /// <summary>
    /// Template tokens that at least a tenth of the members have, or that members who act together have in common. Those that only tell a member's request from others count too: of two halves of
    /// one operation, each makes the other's tokens look common.
    /// </summary>
    private static IEnumerable<Fingerprint> Phrases(CampaignSignature? signature) => signature is null ? [] : signature.Entries
        .Where(e => e.Fingerprint.Kind == FingerprintKind.Template && (signature.BurstsProved || (e.Seen >= 3 && e.Seen >= 0.1 * signature.Members)))
        .Select(e => e.Fingerprint);

    /// <summary>Heads, tails and bodies: one sentence that two templates share is of one class.</summary>
    private static int ClassesInCommon(IndexEntry entry, IndexEntry other) =>
        Phrases(entry.Signature).Intersect(Phrases(other.Signature)).Select(Sighting.ClassOf).Distinct().Count();

    private void Merge(IndexEntry from, IndexEntry into)
    {
        foreach (var account in from.Accounts.ToList())
        {
            Leave(account, from.Id);
            Enter(into, account);
        }

        Replace(from, null);
        _campaigns.Remove(from.Id);
    }

    private static bool Older(IndexEntry a, IndexEntry b) => a.FoundedAt != b.FoundedAt ? a.FoundedAt < b.FoundedAt : a.Id < b.Id;

    private IndexEntry Entry(CampaignId id, long foundedAt)
    {
        if (!_campaigns.TryGetValue(id, out var entry)) _campaigns.Add(id, entry = new IndexEntry { Id = id, FoundedAt = foundedAt });
        return entry;
    }

    private void Enter(IndexEntry entry, AccountId account)
    {
        if (!entry.Accounts.Add(account)) return;
        if (!_membership.TryGetValue(account, out var list)) _membership.Add(account, list = []);
        list.Add(entry.Id);
    }

    private void Leave(AccountId account, CampaignId id)
    {
        if (!_membership.TryGetValue(account, out var list)) return;
        list.Remove(id);
        if (list.Count == 0) _membership.Remove(account);
    }

    private void Replace(IndexEntry entry, CampaignSignature? signature)
    {
        if (ReferenceEquals(entry.Signature, signature)) return;
        Enlist(_byToken, entry.Id, Phrases(entry.Signature).Select(p => p.Token), Phrases(signature).Select(p => p.Token));
        Enlist(_byCard, entry.Id, (entry.Signature?.Cards ?? []).Select(c => c.Token), (signature?.Cards ?? []).Select(c => c.Token));
        Enlist(_byBurst, entry.Id, (entry.Signature?.Bursts ?? []).Select(b => (ulong)b), (signature?.Bursts ?? []).Select(b => (ulong)b));
        entry.Signature = signature;
        entry.IsRing |= signature?.IsRing ?? false;
    }

    private static void Enlist(Dictionary<ulong, SortedSet<CampaignId>> lists, CampaignId id, IEnumerable<ulong> before, IEnumerable<ulong> now)
    {
        foreach (var token in before)
        {
            if (lists.TryGetValue(token, out var ids) && ids.Remove(id) && ids.Count == 0) lists.Remove(token);
        }

        foreach (var token in now)
        {
            if (!lists.TryGetValue(token, out var ids)) lists.Add(token, ids = []);
            ids.Add(id);
        }
    }

    private static Dictionary<CampaignId, int> Count(IEnumerable<CampaignId> ids)
    {
        var counts = new Dictionary<CampaignId, int>();
        foreach (var id in ids) counts[id] = counts.GetValueOrDefault(id) + 1;
        return counts;
    }
}
