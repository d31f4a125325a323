using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Campaigns;

/// <inheritdoc cref="ICampaignGrain"/>
[GrainType("campaign")]
internal sealed class CampaignGrain(
    [PersistentState(CampaignStore.StateName, StorageNames.State)] IPersistentState<StoredRecord> stored, EpochContext epoch, FlushScheduler flush, ILogger<CampaignGrain> logger)
    : Grain, ICampaignGrain
{
    private Campaign? _campaign;
    private CampaignStore _store = null!;
    private CampaignOutcome? _untold;
    private bool _dirty;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new CampaignStore(stored, GrainContext, logger);
        try
        {
            _campaign = await _store.ReadAsync();
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, "campaign", GrainContext.GrainId);
        }
    }

    public async ValueTask<Message<CampaignOutcome>?> CloseAsync(Message<CampaignCall> call)
    {
        if (_campaign is null && call.Value.Founding is { } founding) _campaign = Campaign.Found(call.Value.Campaign, founding, call.Value.Input.End);
        if (_campaign is null) return new Message<CampaignOutcome>(Campaign.Gone(call.Value, epoch.Policy));
        var popularity = await epoch.PopularityAsync(_campaign, call.Value.Input);
        var outcome = _campaign.Close(call.Value.Input, popularity, call.Value.Population, epoch.Policy).After(_untold);

        // When the store fails the caller hears of a failure, and of this outcome at the next end of an epoch.
        _untold = outcome;
        if (outcome.MembersChanged) await StoreAsync();
        else if (call.Value.Input is not { Joins.Count: 0, Activity.Count: 0 }) StoreLater();
        _untold = null;
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
        return new Message<MergerOutcome>(new MergerOutcome(campaign.SignatureNow(call.Value.Population, epoch.Policy), standings));
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
        flush.Forget(GrainContext.GrainId);
        await FlushAsync();
    }

    private void StoreLater()
    {
        if (_dirty) return;
        _dirty = true;
        flush.Register(GrainContext.GrainId, () => this.AsReference<ICampaignGrain>().FlushAsync());
    }

    private async ValueTask StoreAsync()
    {
        if (_campaign is null) return;

        // Before the write, so that it is tried again when it fails.
        StoreLater();
        await _store.WriteAsync(_campaign);
        _dirty = false;
        flush.Forget(GrainContext.GrainId);
    }
}
