using System.Runtime.CompilerServices;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Accounts;

/// <summary>What links an account to a campaign in one family: the strongest fingerprint that both have.</summary>
/// <param name="Fingerprint">Which.</param>
/// <param name="Weight">Its weight, which fades with each request that does not show it.</param>
/// <param name="Seen">How many members have it.</param>
/// <param name="Expected">How many would by chance.</param>
public readonly record struct FamilyLink(Fingerprint Fingerprint, float Weight, int Seen, float Expected);

/// <summary>Where an account stands with one campaign.</summary>
public sealed class CampaignSlot
{
    /// <summary>The families that have a link each, in this order: network, client, payment, device, template.</summary>
    internal const int FamilyCount = 5;

    internal const int PaymentIndex = 2;

    internal const int DeviceIndex = 3;

    internal const int TemplateIndex = 4;

    private const int TokenCount = 6;

    private const long Seconds2017 = 1_500_000_000;

    private Links _links;
    private Tokens _tokens;

    /// <summary>Which campaign.</summary>
    public required CampaignId Campaign { get; set; }

    /// <summary>True when the campaign counts it as a member.</summary>
    public bool Member { get; set; }

    /// <summary>How many activities the campaign was told.</summary>
    public int Told { get; set; }

    /// <summary>Requests since the slot was opened.</summary>
    public int Requests { get; set; }

    /// <summary>Those of them that are the campaign's work.</summary>
    public int Matched { get; set; }

    /// <summary>The account's own say: log-odds of its share of matched requests, −8..2.</summary>
    public float Own { get; set; }

    /// <summary>True when it takes its turn in the campaign.</summary>
    public bool Timing { get; set; }

    /// <summary>True when the account was less than a day old at its first match.</summary>
    public bool NewAtFirstMatch { get; set; }

    /// <summary>Classes of tokens that matched: bit 0 head, 1 tail, 2 body.</summary>
    public byte Classes { get; set; }

    /// <summary>Log-odds of membership at the last judgement.</summary>
    public float Score { get; set; }

    /// <summary>True when the account hops through networks now; taken from its trail at each judgement.</summary>
    internal bool Hops { get; set; }

    /// <summary>True when operators restored the account, so that what it did before counts no longer.</summary>
    public bool Restored { get; private set; }

    /// <summary>What it is worth that the account began right after a ban; taken at each judgement.</summary>
    internal float Succession { get; set; }

    /// <summary>The strongest artefact that the account has in common with another; taken at each judgement.</summary>
    internal LinkNotice Artefact { get; set; }

    /// <summary>How many distinct tokens matched, counted to six.</summary>
    public int DistinctTokens
    {
        get
        {
            var count = 0;
            foreach (var token in (ReadOnlySpan<uint>)_tokens) count += token != 0 ? 1 : 0;
            return count;
        }
    }

    /// <summary>The link of a family by its index.</summary>
    public FamilyLink Link(int index) => _links[index];

    /// <summary>
    /// Where the numbers of what is told begin: the seconds since 2017, so that a slot that is opened again, because the first was forgotten in a crash,
    /// does not use numbers again.
    /// </summary>
    internal static int FirstNumberAt(long time) => (int)Math.Clamp((time / 1000) - Seconds2017, 0, int.MaxValue / 2);

    /// <summary>Takes over what the reasons of a stored decision say of it; the rest of it was not stored before a crash.</summary>
    internal void Recall(IReadOnlyList<Reason> reasons)
    {
        Member = true;
        foreach (var reason in reasons)
        {
            Timing |= reason.Code == ReasonCode.CampaignTiming;
            if (reason.Code == ReasonCode.OwnBehaviour)
            {
                Own = reason.Weight;
                Requests = Matched = reason.Seen;
            }
            else if (IndexOf(reason.Family) is var index and >= 0)
            {
                SetLink(index, new FamilyLink(reason.Fingerprint, reason.Weight, reason.Seen, reason.Expected));
            }
        }
    }

    /// <summary>Takes back what the account did so far: it has to do the campaign's work anew before that is held against it.</summary>
    internal void Restore(double weight)
    {
        if (weight <= 0) return;
        Restored = true;
        Own = Math.Min(Own, -(float)weight);
        (Requests, Matched, Classes, _tokens) = (0, 0, 0, default);
    }

    internal void SetLink(int index, FamilyLink link) => _links[index] = link;

    internal void NoteToken(ulong token)
    {
        var mark = (uint)token | 1;
        for (var i = 0; i < TokenCount; i++)
        {
            if (_tokens[i] == mark) return;
            if (_tokens[i] != 0) continue;
            _tokens[i] = mark;
            return;
        }
    }

    internal static int IndexOf(EvidenceFamily family) => family switch
    {
        EvidenceFamily.Network => 0,
        EvidenceFamily.Client => 1,
        EvidenceFamily.Payment => PaymentIndex,
        EvidenceFamily.Device => DeviceIndex,
        EvidenceFamily.Template => TemplateIndex,
        _ => -1,
    };

    internal static EvidenceFamily FamilyAt(int index) => index switch
    {
        0 => EvidenceFamily.Network,
        1 => EvidenceFamily.Client,
        PaymentIndex => EvidenceFamily.Payment,
        DeviceIndex => EvidenceFamily.Device,
        _ => EvidenceFamily.Template,
    };

    internal void Write(StateWriter writer)
    {
        writer.UInt64(Campaign.Value);
        writer.Byte((byte)((Member ? 1 : 0) | (Timing ? 2 : 0) | (NewAtFirstMatch ? 4 : 0) | (Restored ? 8 : 0)));
        writer.Int32(Told);
        writer.Int32(Requests);
        writer.Int32(Matched);
        writer.Single(Own);
        writer.Byte(Classes);
        writer.Single(Score);
        foreach (var link in (ReadOnlySpan<FamilyLink>)_links)
        {
            writer.Fingerprint(link.Fingerprint);
            writer.Single(link.Weight);
            writer.Int32(link.Seen);
            writer.Single(link.Expected);
        }

        foreach (var token in (ReadOnlySpan<uint>)_tokens) writer.UInt32(token);
    }

    internal static CampaignSlot Read(ref StateReader reader)
    {
        var slot = new CampaignSlot { Campaign = new CampaignId(reader.UInt64()) };
        var flags = reader.Byte();
        slot.Member = (flags & 1) != 0;
        slot.Timing = (flags & 2) != 0;
        slot.NewAtFirstMatch = (flags & 4) != 0;
        slot.Restored = (flags & 8) != 0;
        slot.Told = reader.Int32();
        slot.Requests = reader.Int32();
        slot.Matched = reader.Int32();
        slot.Own = reader.Single();
        slot.Classes = reader.Byte();
        slot.Score = reader.Single();
        for (var i = 0; i < FamilyCount; i++) slot._links[i] = new FamilyLink(reader.Fingerprint(), reader.Single(), reader.Int32(), reader.Single());
        for (var i = 0; i < TokenCount; i++) slot._tokens[i] = reader.UInt32();
        return slot;
    }

    [InlineArray(FamilyCount)]
    private struct Links
    {
        private FamilyLink _first;
    }

    [InlineArray(TokenCount)]
    private struct Tokens
    {
        private uint _first;
    }
}
