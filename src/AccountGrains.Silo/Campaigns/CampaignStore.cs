using System.Security.Cryptography;
using AccountGrains.Abstractions;
using AccountGrains.Core.Campaigns;
using AccountGrains.Silo.Storage;
using Orleans.Storage;

namespace AccountGrains.Silo.Campaigns;

/// <summary>
/// The records of one campaign: a head, and pages of members when there are many. A page that changed is written to the other of its two places, and
/// the head, written last, says in which place each page is: whatever breaks off leaves the campaign as it was.
/// </summary>
internal sealed class CampaignStore(IPersistentState<StoredRecord> head, IGrainContext grain, ILogger logger)
{
    /// <summary>The name of the head.</summary>
    public const string StateName = "campaign";

    private const int Parallel = 16;
    private readonly IGrainStorage _storage = grain.ActivationServices.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);
    private readonly Dictionary<(int Page, byte Slot), GrainState<StoredRecord>> _records = [];
    private byte[] _slots = [];
    private byte[][] _written = [];
    private long _revision;

    /// <summary>How far the records are written, for another silo to go on with.</summary>
    public CampaignPlace Place => new(_revision, _slots, _written);

    /// <summary>Goes on from there.</summary>
    public void Resume(CampaignPlace place)
    {
        head.State = new StoredRecord();
        (_revision, _slots, _written) = (place.Revision, place.Slots, place.Written);
    }

    /// <summary>The campaign as it is stored, null when there is none.</summary>
    public async Task<Campaign?> ReadAsync()
    {
        var payload = head.State.Payload;
        head.State = new StoredRecord();
        if (payload.Length == 0) return null;
        Campaign campaign;
        try
        {
            campaign = CampaignCodec.ReadHead(payload, out _revision, out _slots);
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, StateName, grain.GrainId);
            await Unreadable.KeepAsync(grain, StateName, new StoredRecord { Payload = payload });
            return null;
        }

        _written = new byte[_slots.Length][];
        for (var page = 0; page < _slots.Length; page++)
        {
            var members = (await RecordAsync(page, _slots[page])).State!.Payload;
            _written[page] = SHA256.HashData(members);
            _records[(page, _slots[page])].State = new StoredRecord();
            try
            {
                CampaignPages.ReadInto(campaign, members);
            }
            catch (InvalidDataException e)
            {
                // Who was in it asks to join anew.
                Log.Unreadable(logger, e, "members of", grain.GrainId);
                await Unreadable.KeepAsync(grain, NameOf(page, _slots[page]), new StoredRecord { Payload = members });
            }
        }

        return campaign;
    }

    /// <summary>Stores the campaign; returns when all of it is stored.</summary>
    public async Task WriteAsync(Campaign campaign)
    {
        var pages = CampaignPages.Write(campaign, CampaignPages.CountFor(campaign.MemberCount, _slots.Length));
        var hashes = Array.ConvertAll(pages, SHA256.HashData);
        var moved = pages.Length != _slots.Length;
        int[] changed = [.. Enumerable.Range(0, pages.Length).Where(p => moved || !hashes[p].AsSpan().SequenceEqual(_written[p]))];
        var slots = new byte[pages.Length];
        for (var page = 0; page < slots.Length; page++)
        {
            var now = page < _slots.Length ? _slots[page] : (byte)1;
            slots[page] = changed.Contains(page) ? (byte)(1 - now) : now;
        }

        var revision = _revision + 1;
        foreach (var some in changed.Chunk(Parallel)) await Task.WhenAll(some.Select(p => WriteAsync(p, slots[p], pages[p], revision)));
        head.State = new StoredRecord { Payload = CampaignCodec.WriteHead(campaign, revision, slots) };
        await head.WriteStateAsync();
        head.State = new StoredRecord();
        var before = _slots.Length;
        (_slots, _written, _revision) = (slots, hashes, revision);
        for (var page = slots.Length; page < before; page++) await ClearAsync(page);
    }

    private async Task WriteAsync(int page, byte slot, byte[] members, long revision)
    {
        var record = await RecordAsync(page, slot);
        if (record.State!.Revision > _revision) await RequireCurrentAsync();
        record.State = new StoredRecord { Payload = members, Revision = revision };
        await _storage.WriteStateAsync(NameOf(page, slot), grain.GrainId, record);
        record.State = new StoredRecord();
    }

    /// <summary>A page that is newer than what was read is left over from a write that broke off, or another activation wrote it: then its head tells.</summary>
    private async Task RequireCurrentAsync()
    {
        var now = new GrainState<StoredRecord>();
        await _storage.ReadStateAsync(StateName, grain.GrainId, now);
        if (now.ETag != head.Etag) throw new InconsistentStateException($"{grain.GrainId} was stored by a later activation of it.", now.ETag ?? "", head.Etag ?? "");
    }

    /// <summary>Takes away what a campaign that shrank needs no more; what breaks off is overwritten when it grows again.</summary>
    private async Task ClearAsync(int page)
    {
        for (byte slot = 0; slot < 2; slot++)
        {
            await _storage.ClearStateAsync(NameOf(page, slot), grain.GrainId, await RecordAsync(page, slot));
            _records.Remove((page, slot));
        }
    }

    private async Task<GrainState<StoredRecord>> RecordAsync(int page, byte slot)
    {
        if (_records.TryGetValue((page, slot), out var known)) return known;
        var record = new GrainState<StoredRecord>();
        await _storage.ReadStateAsync(NameOf(page, slot), grain.GrainId, record);
        return _records[(page, slot)] = record;
    }

    private static string NameOf(int page, byte slot) => $"members-{page}-{slot}";
}
