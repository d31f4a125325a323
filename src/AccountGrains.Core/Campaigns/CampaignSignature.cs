using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>One thing by which a campaign is recognised.</summary>
/// <param name="Fingerprint">What.</param>
/// <param name="Weight">Its weight for an account outside the campaign, in nats.</param>
/// <param name="MemberWeight">Its weight for a member, which does not count for itself.</param>
/// <param name="Seen">How many members have it.</param>
/// <param name="Expected">How many of them would by chance.</param>
/// <param name="Strong">True when it can recognise an account outside; otherwise it only tells a member's request from unrelated ones.</param>
public readonly record struct SignatureEntry(Fingerprint Fingerprint, float Weight, float MemberWeight, int Seen, float Expected, bool Strong)
{
    /// <summary>True when it is the mark of a group that is unlike the campaign, and takes back what it said before.</summary>
    public bool Vetoed { get; init; }
}

/// <summary>How a campaign is recognised, on every silo and at an account's first request: immutable, replaced whole.</summary>
public sealed class CampaignSignature
{
    private const byte GathersBit = 0x80;
    private readonly Dictionary<ulong, SignatureEntry> _entries;
    private readonly HashSet<uint> _heads = [];

    /// <summary>A signature of the given entries.</summary>
    public CampaignSignature(IEnumerable<SignatureEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _entries = new(entries.TryGetNonEnumeratedCount(out var count) ? count : 0);
        foreach (var entry in entries)
        {
            _entries[entry.Fingerprint.Token] = entry;
            if (entry.Strong && entry.Fingerprint.Kind == FingerprintKind.Template && Sighting.ClassOf(entry.Fingerprint) == 0) _heads.Add(PopularHeads.MarkOf(entry.Fingerprint));
        }
    }

    /// <summary>Which campaign.</summary>
    public required CampaignId Id { get; init; }

    /// <summary>True when verdicts follow from it.</summary>
    public required bool Active { get; init; }

    /// <summary>When it was founded, in milliseconds since 1970.</summary>
    public required long FoundedAt { get; init; }

    /// <summary>The number of members.</summary>
    public required int Members { get; init; }

    /// <summary>Log-odds that a random active account is a member: <c>ln(M/N)</c>.</summary>
    public required float Prior { get; init; }

    /// <summary>The share of members' requests that are the campaign's work, within 0.35..0.6.</summary>
    public required float MatchedShare { get; init; }

    /// <summary>Evidence that its accounts are new ones, in nats; at most 10.</summary>
    public required float Newness { get; init; }

    /// <summary>What being new is worth for an account, in nats.</summary>
    public required float NewWeight { get; init; }

    /// <summary>Families that link enough of its members to count for an account, as bits by <see cref="EvidenceFamily"/>.</summary>
    public required int Families { get; init; }

    /// <summary>What proves that its accounts act as one.</summary>
    public CoordinationProofs Proofs { get; init; }

    /// <summary>True when its bursts prove it.</summary>
    public bool BurstsProved => (Proofs & CoordinationProofs.Bursts) != 0;

    /// <summary>What walking through networks is worth for an account, in nats; 0 where the campaign does not.</summary>
    public float HopWeight { get; init; }

    /// <summary>True when accounts that come at its members' moments may join it: that these act together is proved, or likely while it is watched.</summary>
    public bool Gathers { get; init; }

    /// <summary>True when shared devices founded it.</summary>
    public bool IsRing { get; init; }

    /// <summary>How many more accounts it takes.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>The last buckets of ten seconds in which its members met more than chance allows, in order.</summary>
    public IReadOnlyList<long> Bursts { get; init; } = [];

    /// <summary>What its members ask for, and how often.</summary>
    public IReadOnlyList<(string Label, int Count)> Capabilities { get; init; } = [];

    /// <summary>When accounts of it were banned lately, in order.</summary>
    public IReadOnlyList<long> Bans { get; init; } = [];

    /// <summary>What it is worth that an account begins right after one of them, in nats.</summary>
    public float SuccessionWeight { get; init; }

    /// <summary>Tokens of the cards and devices that at least two members share, whether or not others have them too, and by how many.</summary>
    public required IReadOnlyList<(ulong Token, int Members)> Cards { get; init; }

    /// <summary>All entries.</summary>
    public IReadOnlyCollection<SignatureEntry> Entries => _entries.Values;

    /// <summary>Finds an entry by its fingerprint's token.</summary>
    public bool TryGet(ulong token, out SignatureEntry entry) => _entries.TryGetValue(token, out entry);

    /// <summary>True when a prompt with a head of this mark is the campaign's work.</summary>
    public bool HasHead(uint mark) => _heads.Contains(mark);

    /// <summary>True when a family links enough members to count for an account.</summary>
    public bool Counts(EvidenceFamily family) => (Families & (1 << (int)family)) != 0;

    internal void Write(StateWriter writer)
    {
        writer.UInt64(Id.Value);
        writer.Bool(Active);
        writer.Int64(FoundedAt);
        writer.Int32(Members);
        writer.Single(Prior);
        writer.Single(MatchedShare);
        writer.Single(Newness);
        writer.Single(NewWeight);
        writer.Int32(Families);
        writer.Int32(Cards.Count);
        foreach (var (card, holders) in Cards)
        {
            writer.UInt64(card);
            writer.Int32(holders);
        }

        writer.Int32(_entries.Count);
        foreach (var entry in _entries.Values)
        {
            writer.Fingerprint(entry.Fingerprint);
            writer.Single(entry.Weight);
            writer.Single(entry.MemberWeight);
            writer.Int32(entry.Seen);
            writer.Single(entry.Expected);
            writer.Byte((byte)((entry.Strong ? 1 : 0) | (entry.Vetoed ? 2 : 0)));
        }

        writer.Byte((byte)((byte)Proofs | (Gathers ? GathersBit : 0)));
        writer.Single(HopWeight);
        writer.Bool(IsRing);
        writer.Int32(Room);
        Lists.Write(writer, Bursts, (w, bucket) => w.Int64(bucket));
        Lists.Write(writer, Capabilities, (w, capability) =>
        {
            w.Text(capability.Label);
            w.Int32(capability.Count);
        });
        Lists.Write(writer, Bans, (w, time) => w.Int64(time));
        writer.Single(SuccessionWeight);
    }

    internal static CampaignSignature Read(ref StateReader reader)
    {
        var id = new CampaignId(reader.UInt64());
        var active = reader.Bool();
        var founded = reader.Int64();
        var members = reader.Int32();
        float prior = reader.Single(), share = reader.Single(), newness = reader.Single(), newWeight = reader.Single();
        var families = reader.Int32();
        var cards = new (ulong, int)[reader.Count(100_000)];
        for (var i = 0; i < cards.Length; i++) cards[i] = (reader.UInt64(), reader.Int32());
        var entries = new SignatureEntry[reader.Count(100_000)];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = ReadEntry(ref reader);
        }

        var proofs = reader.Byte();
        var hopWeight = reader.Single();
        var ring = reader.Bool();
        var room = reader.Int32();
        var bursts = Lists.Read(ref reader, (ref StateReader r) => r.Int64());
        var capabilities = Lists.Read(ref reader, (ref StateReader r) => (r.Text() ?? "", r.Int32()));
        var bans = Lists.Read(ref reader, (ref StateReader r) => r.Int64());
        var succession = reader.Single();

        return new CampaignSignature(entries)
        {
            Id = id,
            Active = active,
            FoundedAt = founded,
            Members = members,
            Prior = prior,
            MatchedShare = share,
            Newness = newness,
            NewWeight = newWeight,
            Families = families,
            Proofs = (CoordinationProofs)(proofs & ~GathersBit),
            Gathers = (proofs & GathersBit) != 0,
            HopWeight = hopWeight,
            IsRing = ring,
            Room = room,
            Bursts = bursts,
            Capabilities = capabilities,
            Bans = bans,
            SuccessionWeight = succession,
            Cards = cards,
        };
    }

    private static SignatureEntry ReadEntry(ref StateReader reader)
    {
        var entry = new SignatureEntry(reader.Fingerprint(), reader.Single(), reader.Single(), reader.Int32(), reader.Single(), false);
        var flags = reader.Byte();
        return entry with { Strong = (flags & 1) != 0, Vetoed = (flags & 2) != 0 };
    }
}
