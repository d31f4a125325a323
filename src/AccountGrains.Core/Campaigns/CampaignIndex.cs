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

/// <summary>All campaigns and who is in which: decides where a cohort goes, and which campaigns are one.</summary>
public sealed class CampaignIndex
{
    private const int RingLimit = 65_536;
    private const long RingMemory = 7 * 86_400_000L;
    private const int AlwaysChecked = 50;
    private const double Growth = 1.2;
    private readonly SortedDictionary<CampaignId, IndexEntry> _campaigns = [];
    private readonly Dictionary<AccountId, List<CampaignId>> _membership = [];
    private readonly Dictionary<ulong, SortedSet<CampaignId>> _byToken = [];
    private readonly Dictionary<ulong, SortedSet<CampaignId>> _byCard = [];
    private readonly Dictionary<ulong, SortedSet<CampaignId>> _byBurst = [];

    // The device or address that rings were proposed for in the last seven days. It is not stored: without it accounts found a ring of their own until one of them is in both.
    private readonly Dictionary<Fingerprint, (CampaignId Id, long Last)> _rings = [];

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
            var existing = ByMembers(proposal, end) ?? (proposal.IsPair ? null : ByVotes(proposal));

            // One that was placed before and never heard of since: the answer was lost, and is given again.
            var unheard = existing is { } known && !founded.Contains(known) && _campaigns[known].Signature is null;
            var joins = proposal.Members.Where(m => CanJoin(m.Account, existing) || ((unheard || IsNews(proposal, m.Account, existing)) && CampaignsOf(m.Account).Contains(existing!.Value))).ToList();
            if (joins.Count == 0 || (existing is null && joins.Count < (proposal.IsPair ? 2 : Sameness.SmallestOverlap))) continue;
            var id = existing ?? CampaignId.Found(proposal.Token, proposal.Members[0].Account, end);
            var isNew = unheard || !_campaigns.ContainsKey(id);
            if (!unheard && isNew) founded.Add(id);
            var entry = Entry(id, end);
            entry.LastActivity = end;
            entry.IsRing |= isNew && proposal.IsRing;
            if (proposal.IsRing) Note(proposal.Token, id, end);
            foreach (var join in joins) Enter(entry, join.Account);
            if (proposal.IsRepeat) entry.Paired.UnionWith(joins.Select(j => j.Account));
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
        if (entry.IsRing) foreach (var token in _rings.Where(r => r.Value.Id == id).Select(r => r.Key).ToList()) _rings.Remove(token);
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
            entry.Paired.Remove(standing.Account);
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
                entry.Paired.Remove(account);
                Leave(account, entry.Id);
                Enter(part, account);
            }
        }

        if (entry.Accounts.Count == 0) Remove(entry.Id);
    }

    private CampaignId? ByMembers(Proposal proposal, long end)
    {
        var counts = Count(proposal.Members.SelectMany(m => CampaignsOf(m.Account)));
        if (proposal.IsRing) return Best(counts.Where(c => _campaigns[c.Key].IsRing)) ?? RingOf(proposal.Token, end);
        if (proposal.IsRepeat) return Best(counts.Where(c => HasPlace(_campaigns[c.Key], proposal)));
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

    /// <summary>The ring that is known for a device or an address: who comes to it minutes later belongs there too.</summary>
    private CampaignId? RingOf(Fingerprint token, long end) => _rings.TryGetValue(token, out var ring) && end - ring.Last <= RingMemory && _campaigns.ContainsKey(ring.Id) ? ring.Id : null;

    private void Note(Fingerprint token, CampaignId id, long end)
    {
        _rings[token] = (id, end);
        if (_rings.Count <= RingLimit) return;
        foreach (var old in _rings.OrderBy(r => r.Value.Last).ThenBy(r => r.Key).Take(RingLimit / 4).Select(r => r.Key).ToList()) _rings.Remove(old);
    }

    /// <summary>True when all who are no members of it can become one: accounts that repeat each other belong into one campaign.</summary>
    private bool HasPlace(IndexEntry entry, Proposal proposal)
    {
        var missing = proposal.Members.Where(m => !entry.Accounts.Contains(m.Account)).ToList();
        return missing.Count <= (entry.Signature?.Room ?? int.MaxValue) && missing.All(m => CanJoin(m.Account, entry.Id));
    }

    /// <summary>True when the campaign was not told yet that the account repeats another.</summary>
    private bool IsNews(Proposal proposal, AccountId account, CampaignId? campaign) => proposal.IsRepeat && campaign is { } id && !_campaigns[id].Paired.Contains(account);

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
        var tokens = Count(Sameness.Phrases(entry.Signature).SelectMany(t => _byToken.TryGetValue(t.Token, out var ids) ? ids : []));
        var cards = Count((entry.Signature?.Cards ?? []).SelectMany(c => _byCard.TryGetValue(c.Token, out var ids) ? ids : []));
        var bursts = Count((entry.Signature?.Bursts ?? []).SelectMany(b => _byBurst.TryGetValue((ulong)b, out var ids) ? ids : []));
        return shared.Keys.Union(tokens.Keys).Union(cards.Keys).Union(bursts.Keys).Order()
            .Where(id => id != entry.Id && !gone.Contains(id) && _campaigns.ContainsKey(id))
            .Select(id => _campaigns[id])
            .Where(other => other.Signature is not null && Sameness.Fits(entry, other))
            .FirstOrDefault(other => Sameness.SameMembers(entry, other, shared.GetValueOrDefault(other.Id))
                || Sameness.SameTokens(entry, other, tokens.GetValueOrDefault(other.Id), policy)
                || Sameness.SameCards(entry, other, cards.GetValueOrDefault(other.Id), policy)
                || Sameness.SameBursts(entry, other, bursts.GetValueOrDefault(other.Id)));
    }

    private void Merge(IndexEntry from, IndexEntry into)
    {
        foreach (var account in from.Accounts.ToList())
        {
            Leave(account, from.Id);
            Enter(into, account);
        }

        if (from.IsRing) foreach (var (token, last) in _rings.Where(r => r.Value.Id == from.Id).Select(r => (r.Key, r.Value.Last)).ToList()) _rings[token] = (into.Id, last);
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
        Enlist(_byToken, entry.Id, Sameness.Phrases(entry.Signature).Select(p => p.Token), Sameness.Phrases(signature).Select(p => p.Token));
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
