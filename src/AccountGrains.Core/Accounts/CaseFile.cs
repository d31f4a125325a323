using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// The part of an account's state that exists only where there is a case: links to others, standing in campaigns, the reasons of the verdict in
/// force. At most 2,048 bytes stored.
/// </summary>
public sealed class CaseFile
{
    /// <summary>The most links kept; the weakest makes way.</summary>
    public const int LinkLimit = 12;

    /// <summary>The most campaigns that an account can stand in.</summary>
    public const int SlotLimit = 2;

    /// <summary>The most reasons kept.</summary>
    public const int ReasonLimit = 8;

    private readonly List<LinkNotice> _links = [];
    private readonly List<CampaignSlot> _slots = [];

    /// <summary>Fingerprints that it shares with others more than chance allows, strongest first.</summary>
    public IReadOnlyList<LinkNotice> Links => _links;

    /// <summary>Where it stands with campaigns.</summary>
    public IReadOnlyList<CampaignSlot> Slots => _slots;

    /// <summary>Why the verdict in force is what it is, strongest first.</summary>
    public IReadOnlyList<Reason> Reasons { get; internal set; } = [];

    /// <summary>What the last request asked for, while the account stands with a campaign: a completion says it only sometimes.</summary>
    internal string? Capability { get; private set; }

    /// <summary>The model that the last request asked, likewise.</summary>
    internal string? Model { get; private set; }

    /// <summary>True when the account is a member of a campaign.</summary>
    internal bool IsOfMember => !MemberOfOther(default).IsNone;

    /// <summary>True when nothing is left to keep.</summary>
    public bool IsEmpty => _links.Count == 0 && _slots.Count == 0 && Reasons.Count == 0;

    internal CampaignSlot? Find(Campaigns.CampaignId campaign)
    {
        foreach (var slot in _slots)
        {
            if (slot.Campaign == campaign) return slot;
        }

        return null;
    }

    /// <summary>The campaign that it is a member of beside one, which may be none; none when there is none.</summary>
    internal Campaigns.CampaignId MemberOfOther(Campaigns.CampaignId campaign)
    {
        foreach (var slot in _slots)
        {
            if (slot.Member && slot.Campaign != campaign) return slot.Campaign;
        }

        return default;
    }

    /// <summary>Opens a slot; when all are taken, one of an account that is no member makes way, the weakest first. Null when none can.</summary>
    internal CampaignSlot? Open(Campaigns.CampaignId campaign, long time)
    {
        if (_slots.Count == SlotLimit)
        {
            var weakest = _slots.Where(s => !s.Member).OrderBy(s => s.Score).FirstOrDefault();
            if (weakest is null) return null;
            _slots.Remove(weakest);
        }

        var slot = new CampaignSlot { Campaign = campaign, Told = CampaignSlot.FirstNumberAt(time) };
        _slots.Add(slot);
        return slot;
    }

    internal void Close(CampaignSlot slot)
    {
        _slots.Remove(slot);
        if (_slots.Count == 0) (Capability, Model) = (null, null);
    }

    internal void NoteLabels(string? capability, string? model)
    {
        if (_slots.Count > 0) (Capability, Model) = (capability, model);
    }

    internal void Note(in LinkNotice notice)
    {
        for (var i = 0; i < _links.Count; i++)
        {
            if (_links[i].Fingerprint != notice.Fingerprint) continue;
            if (_links[i].Seen >= notice.Seen) return;
            _links.RemoveAt(i);
            break;
        }

        var place = 0;
        while (place < _links.Count && IsBefore(_links[place], notice)) place++;
        if (place == LinkLimit) return;
        _links.Insert(place, notice);
        if (_links.Count > LinkLimit) _links.RemoveAt(LinkLimit);
    }

    internal void Write(StateWriter writer)
    {
        writer.Byte((byte)_links.Count);
        foreach (var link in _links)
        {
            writer.Fingerprint(link.Fingerprint);
            writer.Int32(link.Seen);
            writer.Single(link.Expected);
            writer.Single(link.Weight);
        }

        writer.Byte((byte)_slots.Count);
        foreach (var slot in _slots) slot.Write(writer);
        writer.Byte((byte)Reasons.Count);
        foreach (var reason in Reasons) reason.Write(writer);
        writer.Text(Capability);
        writer.Text(Model);
    }

    /// <summary>Reads the stored form; that of schema 1 had no labels, and its reasons no text.</summary>
    internal static CaseFile Read(AccountId account, ref StateReader reader, byte schema)
    {
        var file = new CaseFile();
        for (int i = 0, count = reader.Byte(); i < count; i++) file._links.Add(new LinkNotice(account, reader.Fingerprint(), reader.Int32(), reader.Single(), reader.Single()));
        for (int i = 0, count = reader.Byte(); i < count; i++) file._slots.Add(CampaignSlot.Read(ref reader));
        var reasons = new Reason[reader.Byte()];
        for (var i = 0; i < reasons.Length; i++) reasons[i] = Reason.Read(ref reader, schema);
        file.Reasons = reasons;
        if (schema > 1) (file.Capability, file.Model) = (reader.Text(), reader.Text());
        return file;
    }

    private static bool IsBefore(in LinkNotice one, in LinkNotice other) => one.Weight != other.Weight ? one.Weight > other.Weight : one.Fingerprint.CompareTo(other.Fingerprint) < 0;
}
