using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>What one end of an epoch leaves to the next: what was not acknowledged, bounded, and when it last looked for silent campaigns.</summary>
internal sealed class EpochCarry
{
    private const int Limit = 100_000;
    private const byte Schema = 1;

    /// <summary>Founding proposals of campaigns that did not answer.</summary>
    public Dictionary<CampaignId, Proposal> Unfounded { get; } = [];

    /// <summary>Who is still to join or be counted, by campaign.</summary>
    public SortedDictionary<CampaignId, List<MemberActivity>> Owed { get; } = [];

    /// <summary>Proposals that the index did not place: a cohort that does not grow is not proposed again.</summary>
    public List<Proposal> Unplaced { get; } = [];

    /// <summary>Campaigns that split off and are not stored yet.</summary>
    public List<Campaign> Parts { get; } = [];

    /// <summary>Outcomes that the index did not take in.</summary>
    public List<CampaignOutcome> Unindexed { get; } = [];

    /// <summary>Where accounts stand and were not told.</summary>
    public List<Standing> Standings { get; } = [];

    /// <summary>What accounts share and were not told.</summary>
    public List<LinkNotice> Links { get; } = [];

    /// <summary>Campaigns that were dissolved and are still in the snapshot.</summary>
    public List<CampaignId> Dissolved { get; } = [];

    /// <summary>The heads that many accounts have sent.</summary>
    public PopularHeads Heads { get; private set; } = new();

    /// <summary>When silent campaigns were last looked for.</summary>
    public long SweptAt { get; set; }

    /// <summary>The latest end of an epoch.</summary>
    public long Latest { get; set; }

    /// <summary>Keeps proposals, as many as there is room for.</summary>
    public void Keep(IEnumerable<Proposal> proposals) => Unplaced.AddRange(proposals.Take(Limit - Unplaced.Count));

    /// <summary>Keeps links, as many as there is room for; where there is not enough, those of artefacts, which are evidence, and then the fingerprints that come first.</summary>
    public void Keep(IReadOnlyCollection<IReadOnlyList<LinkNotice>> links)
    {
        var room = Math.Max(0, Limit - Links.Count);
        if (links.Sum(l => l.Count) > room) Links.AddRange(links.SelectMany(l => l).OrderBy(l => l.Fingerprint.Kind != FingerprintKind.Artefact).ThenBy(l => l.Fingerprint).ThenBy(l => l.Account).Take(room));
        else foreach (var some in links) Links.AddRange(some);
    }

    /// <summary>Keeps what the index did not hear.</summary>
    public void Keep(IEnumerable<CampaignOutcome> outcomes)
    {
        Unindexed.Clear();
        Unindexed.AddRange(outcomes.TakeLast(Limit));
    }

    /// <summary>Keeps what a campaign did not acknowledge, or another has to get.</summary>
    public void Keep(CampaignCall call, CampaignId to)
    {
        if (call.Founding is not null && Unfounded.Count < Limit) Unfounded[to] = call.Founding;
        if (call.Input.Activity.Count + call.Input.Joins.Count == 0 || Owed.Count >= Limit) return;
        if (!Owed.TryGetValue(to, out var owed)) Owed.Add(to, owed = []);
        owed.AddRange(call.Input.Activity.Select(a => a with { Campaign = to }));
        owed.AddRange(call.Input.Joins.Select(j => new MemberActivity { Campaign = to, Sighting = j, Name = "", Number = 0, Joins = true, Score = 0 }));
    }

    /// <summary>Takes what is owed to a campaign.</summary>
    public IReadOnlyList<MemberActivity> TakeOwed(CampaignId campaign) => Owed.Remove(campaign, out var owed) ? owed : [];

    public void Write(StateWriter writer)
    {
        writer.Byte(Schema);
        writer.Int64(SweptAt);
        writer.Int64(Latest);
        Lists.Write(writer, Unfounded, (w, founding) =>
        {
            w.UInt64(founding.Key.Value);
            founding.Value.Write(w);
        });
        Lists.Write(writer, [.. Owed.Values.SelectMany(o => o)], (w, activity) => activity.Write(w));
        Lists.Write(writer, Unplaced, (w, proposal) => proposal.Write(w));
        Lists.Write(writer, Parts, (w, part) => w.Block(CampaignCodec.Write(part)));
        Lists.Write(writer, Unindexed, (w, outcome) => outcome.Write(w));
        Lists.Write(writer, Standings, (w, standing) => standing.Write(w));
        Lists.Write(writer, Links, (w, link) => link.Write(w));
        Lists.Write(writer, Dissolved, (w, id) => w.UInt64(id.Value));
        Heads.Write(writer);
    }

    public static EpochCarry Read(ref StateReader reader)
    {
        var schema = reader.Byte();
        if (schema != Schema) throw new InvalidDataException($"What an epoch left in schema {schema} cannot be read.");
        var carry = new EpochCarry { SweptAt = reader.Int64(), Latest = reader.Int64() };
        foreach (var (id, founding) in Lists.Read(ref reader, (ref StateReader r) => (new CampaignId(r.UInt64()), Proposal.Read(ref r)))) carry.Unfounded[id] = founding;
        foreach (var owed in Lists.Read(ref reader, MemberActivity.Read).GroupBy(a => a.Campaign)) carry.Owed.Add(owed.Key, [.. owed]);
        carry.Unplaced.AddRange(Lists.Read(ref reader, Proposal.Read));
        carry.Parts.AddRange(Lists.Read(ref reader, (ref StateReader r) => CampaignCodec.Read(r.Block())));
        carry.Unindexed.AddRange(Lists.Read(ref reader, CampaignOutcome.Read));
        carry.Standings.AddRange(Lists.Read(ref reader, Standing.Read));
        carry.Links.AddRange(Lists.Read(ref reader, LinkNotice.Read));
        carry.Dissolved.AddRange(Lists.Read(ref reader, (ref StateReader r) => new CampaignId(r.UInt64())));
        carry.Heads = PopularHeads.Read(ref reader);
        return carry;
    }
}
