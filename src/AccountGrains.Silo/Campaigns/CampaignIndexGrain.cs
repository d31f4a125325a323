using System.Buffers;
using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;
using Orleans.Placement;

namespace AccountGrains.Silo.Campaigns;

/// <inheritdoc cref="ICampaignIndexGrain"/>
/// <remarks>It stores the ids of campaigns that are not closed alone; who is in them is read from the campaigns when it is loaded, so that nothing is kept twice.</remarks>
[GrainType("campaign-index"), PreferLocalPlacement, Immovable]
internal sealed class CampaignIndexGrain([PersistentState("campaign-index", StorageNames.State)] IPersistentState<StoredRecord> stored, CorrelationServices silo, ILogger<CampaignIndexGrain> logger)
    : Grain, ICampaignIndexGrain, IGrainMigrationParticipant
{
    private const string Key = "campaign-index";
    private CampaignIndex _index = new();
    private bool _arrived;
    private readonly SortedSet<ulong> _known = [];
    private readonly List<Merger> _mergers = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_arrived || stored.State.Payload.Length == 0) return;
        if (ReadIds() is not { } ids)
        {
            await Unreadable.KeepAsync(GrainContext, "campaign-index", stored.State);
            return;
        }

        foreach (var id in ids)
        {
            _known.Add(id);
            var record = await GrainFactory.GetGrain<ICampaignGrain>(new CampaignId(id).ToString()).GetAsync();
            if (record.Payload.Length == 0) continue;
            var campaign = CampaignCodec.Read(record.Payload);
            if (campaign.Status == CampaignStatus.Closed) _known.Remove(id);
            if (campaign.Status is CampaignStatus.Merged or CampaignStatus.Closed) continue;
            _index.Restore(campaign.Id, campaign.FoundedAt, campaign.LastActivity, campaign.MembersAfter(null).Select(m => m.Account), campaign.SignatureNow(silo.Epoch.Policy));
        }
    }

    public async ValueTask<Message<PlaceReply>> PlaceAsync(Message<PlaceCall> call)
    {
        var placements = _index.Place(call.Value.Proposals, call.Value.End);
        await KnowAsync(placements.Select(p => p.Campaign.Value));
        return new Message<PlaceReply>(new PlaceReply(placements));
    }

    public async ValueTask<MergerWire[]> UpdateAsync(Message<UpdateCall> call)
    {
        await KnowAsync(call.Value.Outcomes.Where(o => o.Split is not null).Select(o => o.Split!.Id.Value));
        foreach (var closed in call.Value.Outcomes.Where(o => o.Signature.Members == 0 && o.ForwardTo.IsNone)) _known.Remove(closed.Signature.Id.Value);

        // Named until they are done: the answer may be lost, or the merger may fail.
        _mergers.AddRange(_index.Update(call.Value.Outcomes, call.Value.End, silo.Epoch.Policy));
        return [.. _mergers.Select(m => new MergerWire { From = m.From.Value, Into = m.Into.Value })];
    }

    public ValueTask ReplaceAsync(Message<MergerOutcome> outcome)
    {
        _index.Update(outcome.Value.Signature);
        var from = outcome.Value.Standings.Select(s => s.Campaign).FirstOrDefault();
        _mergers.RemoveAll(m => m.Into == outcome.Value.Signature.Id && (from.IsNone || m.From == from));
        return ValueTask.CompletedTask;
    }

    public ValueTask<SweepReply> SweepAsync(long end) => new(new SweepReply
    {
        Silent = [.. _index.Silent(end, silo.Epoch.Policy).Select(id => id.Value)],
        Surplus = [.. _index.Surplus(silo.Epoch.Policy).Select(id => id.Value)],
    });

    public ValueTask RemoveAsync(ulong[] campaigns)
    {
        foreach (var id in campaigns)
        {
            _index.Remove(new CampaignId(id));
            _known.Remove(id);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ulong[]> ListAsync() => new([.. _known]);

    public ValueTask<Message<Signatures>> SignaturesAsync() =>
        new(new Message<Signatures>(new Signatures([.. _index.Campaigns.Values.Select(c => c.Signature).OfType<CampaignSignature>()])));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown && silo.Agents.Others.Count > 0) this.MigrateOnIdle();
        return Task.CompletedTask;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        var writer = new StateWriter(4096);
        writer.Block(CampaignIndexCodec.Write(_index));
        writer.Int32(_known.Count);
        foreach (var id in _known) writer.UInt64(id);
        writer.Int32(_mergers.Count);
        foreach (var merger in _mergers)
        {
            writer.UInt64(merger.From.Value);
            writer.UInt64(merger.Into.Value);
        }

        dehydrationContext.AddBytes(Key, writer.ToArray());
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (!rehydrationContext.TryGetBytes(Key, out var bytes)) return;
        var reader = new StateReader(bytes.ToArray());
        _index = CampaignIndexCodec.Read(reader.Block());
        for (int i = 0, count = reader.Count(10_000_000); i < count; i++) _known.Add(reader.UInt64());
        for (int i = 0, count = reader.Count(10_000_000); i < count; i++) _mergers.Add(new Merger(new CampaignId(reader.UInt64()), new CampaignId(reader.UInt64())));
        _arrived = true;
    }

    /// <summary>Stores the ids before anything is sent to the campaigns: a campaign that nobody knows of could not be found again.</summary>
    private async ValueTask KnowAsync(IEnumerable<ulong> ids)
    {
        var before = _known.Count;
        _known.UnionWith(ids);
        if (_known.Count <= before) return;
        stored.State = new StoredRecord { Payload = CampaignIds.Write(_known) };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // Known here and not in the store would mean never stored: the next call starts from what is stored.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>The ids that are stored, null when they cannot be read.</summary>
    private ulong[]? ReadIds()
    {
        try
        {
            return CampaignIds.Read(stored.State.Payload);
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, "campaign index", GrainContext.GrainId);
            return null;
        }
    }
}
