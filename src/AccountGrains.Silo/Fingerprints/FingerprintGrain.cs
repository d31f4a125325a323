using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Fingerprints;

/// <inheritdoc cref="IFingerprintGrain"/>
[GrainType("fingerprint")]
internal sealed class FingerprintGrain(
    [PersistentState("fingerprint", StorageNames.State)] IPersistentState<StoredRecord> stored, EpochContext epoch, FlushScheduler flush, ILogger<FingerprintGrain> logger)
    : Grain, IFingerprintGrain
{
    private FingerprintState _state = null!;
    private bool _dirty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!Fingerprint.TryParseGrainKey(this.GetPrimaryKeyString(), out var fingerprint)) throw new ArgumentException("The key of a fingerprint is its kind, its key and 32 hex digits.");
        _state = Load(fingerprint);
        return Task.CompletedTask;
    }

    public ValueTask<Message<FingerprintReply>> ReportAsync(Message<FingerprintCall> call)
    {
        _state.Seed(call.Value.Earlier);
        var outcome = _state.Observe(call.Value.Reports, call.Value.Population, epoch.Policy);
        if (!_dirty)
        {
            _dirty = true;
            flush.Register(GrainContext.GrainId, Flush);
        }

        return new(new Message<FingerprintReply>(new FingerprintReply(outcome)));
    }

    public ValueTask<int> PopularityAsync()
    {
        if (_state.Accounts == 0) DeactivateOnIdle();
        return new(_state.Accounts);
    }

    public ValueTask<StoredRecord> GetAsync()
    {
        if (_state.Accounts == 0)
        {
            DeactivateOnIdle();
            return new(new StoredRecord());
        }

        return new(new StoredRecord { Payload = Write() });
    }

    // Interleaves with reports: what is written is what was there when the write began, and what changes meanwhile makes the fingerprint dirty again.
    public async ValueTask FlushAsync()
    {
        if (!_dirty) return;
        _dirty = false;
        var record = new StoredRecord { Payload = Write() };
        stored.State = record;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            _dirty = true;
            throw;
        }
        finally
        {
            // Another flush may have come meanwhile, when this one hung: its record is the one to be written then.
            if (ReferenceEquals(stored.State, record)) stored.State = new StoredRecord();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        flush.Forget(GrainContext.GrainId);
        await FlushAsync();
    }

    private ValueTask Flush() => this.AsReference<IFingerprintGrain>().FlushAsync();

    private byte[] Write()
    {
        var writer = new StateWriter(4096);
        _state.Write(writer);
        return writer.ToArray();
    }

    private FingerprintState Load(Fingerprint fingerprint)
    {
        var payload = stored.State.Payload;
        stored.State = new StoredRecord();
        if (payload.Length == 0) return new FingerprintState(fingerprint);
        try
        {
            return FingerprintState.Read(payload);
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, "fingerprint", GrainContext.GrainId);
            return new FingerprintState(fingerprint);
        }
    }
}
