using System.Buffers;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>What members of a campaign showed, by fingerprint: bounded, the rarest and longest unseen fall out first.</summary>
internal sealed class EvidenceTable(int limit, int tokenLimit)
{
    private readonly Dictionary<Fingerprint, Evidence> _entries = [];
    private readonly Dictionary<ulong, Evidence> _byToken = [];

    // At the end of each epoch it is asked whether something expired or is too much: that is known without looking at all entries. No entry is older than the oldest.
    private long _oldest = long.MaxValue;
    private int _tokens;

    // Most entries are one member's alone, and weigh nothing.
    private readonly List<Evidence> _shared = [];
    private bool _anyVetoed;
    private readonly EvidenceHeads _heads = new();

    public int Count => _entries.Count;

    public IEnumerable<Evidence> Entries => _entries.Values;

    /// <summary>The entries that at least two members have, in no order.</summary>
    public List<Evidence> Shared
    {
        get
        {
            _shared.RemoveAll(static e => !(e.IsShared = e.Holders.Count >= 2));
            return _shared;
        }
    }

    public Evidence? Find(ulong token) => _byToken.GetValueOrDefault(token);

    public void Add(Fingerprint fingerprint, uint member, long time)
    {
        if (fingerprint.IsNone) return;
        if (!_entries.TryGetValue(fingerprint, out var entry))
        {
            entry = new Evidence { Fingerprint = fingerprint, FirstSeen = time };
            Keep(entry, time);
        }

        entry.Holders.Add(member);
        Share(entry);
        entry.Hits++;
        entry.LastSeen = Math.Max(entry.LastSeen, time);
    }

    /// <summary>
    /// Counts what members sent before they were watched: a head of one's earlier prompts that another shows now is held by both. Without it they would
    /// count as others who have it too.
    /// </summary>
    public void Credit(ReadOnlySpan<Member> members)
    {
        _heads.Settle(_entries.Values);
        foreach (var member in members)
        {
            if (member.HeadsCredited && !_heads.AnyFresh) continue;
            foreach (var head in member.Heads)
            {
                if (_heads.Find(head, freshOnly: member.HeadsCredited) is not { } entry || !entry.Holders.Add(member.Mark)) continue;
                entry.Hits++;
                Share(entry);
            }

            member.HeadsCredited = true;
        }

        _heads.Credited();
    }

    public void Forget(uint member)
    {
        foreach (var entry in _entries.Values) entry.Holders.Remove(member);
    }

    public void Merge(EvidenceTable other)
    {
        foreach (var theirs in other._entries.Values)
        {
            if (_entries.TryGetValue(theirs.Fingerprint, out var ours))
            {
                var accounts = Math.Max(ours.Holders.Count + (long)ours.Outside, theirs.Holders.Count + (long)theirs.Outside);
                ours.Measured |= theirs.Measured;
                ours.Hits += theirs.Hits;
                ours.Holders.Merge(theirs.Holders);
                Share(ours);
                ours.Outside = (int)Math.Clamp(accounts - ours.Holders.Count, 0, int.MaxValue);
                ours.FirstSeen = Math.Min(ours.FirstSeen, theirs.FirstSeen);
                ours.LastSeen = Math.Max(ours.LastSeen, theirs.LastSeen);
            }
            else
            {
                theirs.IsShared = false;
                Keep(theirs, theirs.LastSeen);
            }
        }

        Drop(Surplus());
    }

    /// <summary>Notes that what those share who have it is no evidence.</summary>
    public void Veto(Evidence entry)
    {
        entry.Vetoed = true;
        _anyVetoed = true;
    }

    /// <summary>Lets everything be evidence again.</summary>
    public void LiftVetoes()
    {
        if (!_anyVetoed) return;
        foreach (var entry in _entries.Values) entry.Vetoed = false;
        _anyVetoed = false;
    }

    public void Clear()
    {
        _entries.Clear();
        _byToken.Clear();
        _heads.Clear();
        _shared.Clear();
        (_oldest, _tokens) = (long.MaxValue, 0);
    }

    /// <summary>
    /// Drops what expired and, when the table is twice as large as its limit, what the fewest members have, a body's tokens before those of heads and tails: what
    /// fills a template's slot is new each time. Each kind has its place: an operation's thousands of exits must not drive out its cards. What it was founded on stays
    /// when it expired, so that it can be told.
    /// </summary>
    public void Trim(long now, Policy policy, Fingerprint founding = default)
    {
        if (now - _oldest > policy.EvidenceExpiry)
        {
            Drop([.. _entries.Values.Where(e => now - e.LastSeen > policy.EvidenceExpiry && e.Fingerprint != founding)]);
            _oldest = _entries.Values.Where(e => e.Fingerprint != founding).Select(e => e.LastSeen).DefaultIfEmpty(long.MaxValue).Min();
        }

        Drop(Surplus());
    }

    private void Keep(Evidence entry, long lastSeen)
    {
        _entries.Add(entry.Fingerprint, entry);
        _byToken[entry.Fingerprint.Token] = entry;
        _oldest = Math.Min(_oldest, lastSeen);
        if (IsToken(entry)) _tokens++;
        _heads.Add(entry);
        _anyVetoed |= entry.Vetoed;
        Share(entry);
    }

    private void Share(Evidence entry)
    {
        if (entry.IsShared || entry.Holders.Count < 2) return;
        entry.IsShared = true;
        _shared.Add(entry);
    }

    private static bool IsToken(Evidence entry) => entry.Fingerprint.Kind == FingerprintKind.Template;

    private Evidence[] Surplus() => _tokens <= 2 * tokenLimit && _entries.Count - _tokens <= 2 * limit ? []
        : [.. Surplus(_tokens, tokenLimit, tokens: true), .. Surplus(_entries.Count - _tokens, limit, tokens: false)];

    private IEnumerable<Evidence> Surplus(int count, int kept, bool tokens) => count <= 2 * kept ? [] : _entries.Values
        .Where(e => IsToken(e) == tokens)
        .OrderByDescending(e => e.Holders.Count).ThenBy(e => tokens && Sighting.ClassOf(e.Fingerprint) == 2).ThenByDescending(e => e.LastSeen).ThenBy(e => e.Fingerprint)
        .GroupBy(e => e.Fingerprint.Kind).SelectMany(kind => kind.Select((entry, rank) => (Entry: entry, Rank: rank)))
        .OrderBy(e => e.Rank).ThenBy(e => e.Entry.Fingerprint).Skip(kept).Select(e => e.Entry);

    private void Drop(Evidence[] gone)
    {
        foreach (var entry in gone)
        {
            _entries.Remove(entry.Fingerprint);
            _byToken.Remove(entry.Fingerprint.Token);
            if (IsToken(entry)) _tokens--;
            _heads.Remove(entry);
            entry.IsShared = false;
        }

        if (gone.Length > 0) _shared.RemoveAll(static e => !e.IsShared);
    }

    public void Write(StateWriter writer)
    {
        writer.Int32(_entries.Count);
        var rented = ArrayPool<Evidence>.Shared.Rent(_entries.Count);
        var entries = rented.AsSpan(0, _entries.Count);
        _entries.Values.CopyTo(rented, 0);
        entries.Sort(static (one, other) => one.Fingerprint.CompareTo(other.Fingerprint));
        foreach (var entry in entries)
        {
            writer.Fingerprint(entry.Fingerprint);
            writer.Int64(entry.FirstSeen);
            writer.Int64(entry.LastSeen);
            writer.Int32(entry.Outside);
            writer.Byte((byte)((entry.Measured ? 1 : 0) | (entry.Vetoed ? 2 : 0)));
            writer.Int32(entry.Hits);
            entry.Holders.Write(writer);
        }

        ArrayPool<Evidence>.Shared.Return(rented, clearArray: true);
    }

    public void ReadFrom(ref StateReader reader, bool first)
    {
        for (int i = 0, count = reader.Count(2 * (limit + tokenLimit) + 4096); i < count; i++)
        {
            var fingerprint = reader.Fingerprint();
            long firstSeen = reader.Int64(), lastSeen = reader.Int64();
            var outside = reader.Int32();
            var flags = reader.Byte();
            var hits = first ? 0 : reader.Int32();
            var entry = new Evidence
            {
                Fingerprint = fingerprint,
                FirstSeen = firstSeen,
                LastSeen = lastSeen,
                Outside = outside,
                Measured = (flags & 1) != 0,
                Vetoed = (flags & 2) != 0,
                Holders = MemberSet.Read(ref reader),
            };
            entry.Hits = first ? entry.Holders.Count : hits;
            Keep(entry, lastSeen);
        }
    }
}
