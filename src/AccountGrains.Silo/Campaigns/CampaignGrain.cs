using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;
using Orleans.Placement;

namespace AccountGrains.Silo.Campaigns;

/// <inheritdoc cref="ICampaignGrain"/>
/// <remarks>It lives where its shard is, and follows it when it is called from there.</remarks>
[GrainType("campaign"), ShardPlacement, Immovable]
internal sealed class CampaignGrain(
    [PersistentState(CampaignStore.StateName, StorageNames.State)] IPersistentState<StoredRecord> stored, CorrelationServices silo, ILogger<CampaignGrain> logger)
    : Grain, ICampaignGrain, IStoredBehind, IGrainMigrationParticipant
{
    private Campaign? _campaign;
    private CampaignStore _store = null!;
    private CampaignLuggage? _arrived;
    private CampaignOutcome? _untold;
    private DirtyGrain? _flush;
    private bool _dirty;

    GrainId IStoredBehind.Id => GrainContext.GrainId;

    private DirtyGrain Flush => _flush ??= new DirtyGrain(this);

    ValueTask IStoredBehind.AskToFlushAsync() => this.AsReference<ICampaignGrain>().FlushAsync();

    void IStoredBehind.StayFor(TimeSpan time) => DelayDeactivation(time);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new CampaignStore(stored, GrainContext, logger);
        if (_arrived is { } arrived)
        {
            _arrived = null;
            (_campaign, _untold) = (arrived.Campaign, arrived.Untold);
            _store.Resume(arrived.Place);
            if (arrived.IsDirty) StoreLater();
            return;
        }

        _campaign = await _store.ReadAsync();
    }

    public async ValueTask<Message<CampaignOutcome>?> CloseAsync(Message<CampaignCall> call)
    {
        if (_campaign is null && call.Value.Founding is { } founding) _campaign = Campaign.Found(call.Value.Campaign, founding, call.Value.Input.End);
        if (_campaign is null) return new Message<CampaignOutcome>(Campaign.Gone(call.Value, silo.Epoch.Policy));
        var popularity = await silo.Epoch.PopularityAsync(_campaign, call.Value.Input);
        var outcome = _campaign.Close(call.Value.Input, popularity, call.Value.Population, silo.Epoch.Policy).After(_untold);

        // When the store fails the caller hears of a failure, and of this outcome at the next end of an silo.Epoch.
        _untold = outcome;
        if (outcome.MembersChanged) await StoreAsync();
        else if (call.Value.Input is not { Joins.Count: 0, Activity.Count: 0 }) StoreLater();
        _untold = null;
        if (silo.Owners.IsElsewhere(call.Value.Campaign)) this.MigrateOnIdle();
        return new Message<CampaignOutcome>(outcome);
    }

    public ValueTask AdoptAsync(StoredRecord campaign)
    {
        // Said again, it must not take back what happened since.
        _campaign ??= CampaignCodec.Read(campaign.Payload);
        return StoreAsync();
    }

    public async ValueTask<Message<MergerOutcome>> AbsorbAsync(StoredRecord other, Message<CampaignCall> call)
    {
        var campaign = _campaign ?? throw new InvalidOperationException("A campaign that was never founded cannot take another in.");
        var standings = campaign.Absorb(CampaignCodec.Read(other.Payload), call.Value.Input.End);
        await StoreAsync();
        return new Message<MergerOutcome>(new MergerOutcome(campaign.SignatureNow(call.Value.Population, silo.Epoch.Policy), standings));
    }

    public ValueTask BuryAsync(ulong into, long end)
    {
        _campaign?.Bury(new CampaignId(into), end);
        return StoreAsync();
    }

    public async ValueTask<Message<Standings>> DissolveAsync()
    {
        var standings = _campaign?.Dissolve() ?? [];
        await StoreAsync();
        return new Message<Standings>(new Standings(standings));
    }

    public ValueTask AcknowledgeAsync(Message<JoinReplies> replies)
    {
        _campaign?.Acknowledge(replies.Value.Replies);
        StoreLater();
        return ValueTask.CompletedTask;
    }

    public ValueTask<StoredRecord> GetAsync()
    {
        if (_campaign is null) DeactivateOnIdle();
        return new(new StoredRecord { Payload = _campaign is null ? [] : CampaignCodec.Write(_campaign) });
    }

    public ValueTask FlushAsync() => _dirty ? StoreAsync() : ValueTask.CompletedTask;

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        silo.Behind.Scheduler.Leave(Flush);
        var moves = reason.ReasonCode == DeactivationReasonCode.ShuttingDown && silo.Agents.Others.Count > 0;
        try
        {
            await FlushAsync();
        }
        catch (Exception e) when (moves)
        {
            Storage.Log.Moved(logger, e, GrainContext.GrainId);
        }
        catch
        {
            silo.Behind.Scheduler.Lose();
            throw;
        }

        if (moves) this.MigrateOnIdle();
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (_campaign is not null) new CampaignLuggage(_campaign, _untold, _dirty, _store.Place).Pack(dehydrationContext);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext) => _arrived = CampaignLuggage.Unpack(rehydrationContext);

    private void StoreLater()
    {
        if (_dirty) return;
        _dirty = true;
        silo.Behind.Scheduler.Register(Flush);
    }

    private async ValueTask StoreAsync()
    {
        if (_campaign is null) return;

        // Before the write, so that it is tried again when it fails.
        StoreLater();
        await _store.WriteAsync(_campaign);
        _dirty = false;
        silo.Behind.Scheduler.Forget(Flush);
    }
}
