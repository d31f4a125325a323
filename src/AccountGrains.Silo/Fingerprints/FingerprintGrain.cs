using System.Buffers;
using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;
using Orleans.Placement;

namespace AccountGrains.Silo.Fingerprints;

/// <inheritdoc cref="IFingerprintGrain"/>
/// <remarks>It lives where its shard is, and follows it when it is called from there.</remarks>
[GrainType("fingerprint"), ShardPlacement, Immovable]
internal sealed class FingerprintGrain : Grain, IFingerprintGrain, IKeptBehind, IGrainMigrationParticipant
{
    private const string Key = "fingerprint";
    private readonly CorrelationServices _silo;
    private readonly WriteBehind _behind;
    private FingerprintState _state = null!;
    private byte[]? _arrived;

    public FingerprintGrain(CorrelationServices silo)
    {
        _silo = silo;
        _behind = new WriteBehind(silo.Behind, this);
    }

    GrainId IStoredBehind.Id => GrainContext.GrainId;

    IGrainContext IKeptBehind.Context => GrainContext;

    string IKeptBehind.StateName => Key;

    // While it is not ready a call, which waits until it is.
    ValueTask IStoredBehind.AskToFlushAsync() =>
        _state is null
            ? _silo.Behind.Grains.Fingerprint(GrainContext.GrainId).FlushAsync()
            : new(GrainContext.InTurnAsync(static grain => ((FingerprintGrain)grain!).FlushUnlessGoneAsync(), this));

    void IStoredBehind.StayFor(TimeSpan time) => DelayDeactivation(time);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!Fingerprint.TryParseGrainKey(this.GetPrimaryKeyString(), out var fingerprint)) throw new ArgumentException("The key of a fingerprint is its kind, its key and 32 hex digits.");
        await _behind.BeginAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        // Set last: from then on it is asked to store, also by who does not know that its activation failed.
        var stored = _behind.Load(record => FingerprintState.Read(record.Payload));
        _state = _arrived is { } arrived ? FingerprintState.Read(arrived) : stored ?? new FingerprintState(fingerprint);
        _arrived = null;
    }

    public ValueTask<Message<FingerprintReply>> ReportAsync(Message<FingerprintCall> call)
    {
        _state.Seed(call.Value.Earlier);
        var outcome = _state.Observe(call.Value.Reports, call.Value.Population, _silo.Epoch.Policy);
        _behind.Changed();
        if (_silo.Owners.IsElsewhere(_state.Fingerprint)) this.MigrateOnIdle();
        return new(new Message<FingerprintReply>(new FingerprintReply(outcome)));
    }

    public ValueTask<int> PopularityAsync()
    {
        if (_state.Accounts == 0) DeactivateOnIdle();
        return new(_state.Accounts);
    }

    public ValueTask<StoredRecord> GetAsync()
    {
        if (_state.Accounts > 0) return new(Record());
        DeactivateOnIdle();
        return new(new StoredRecord());
    }

    public ValueTask FlushAsync() => new(StoreAsync());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await _behind.LeaveAsync(reason, _silo.Agents.Others.Count > 0, this.MigrateOnIdle, Record, cancellationToken);

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (_behind.IsSuperseded) return;
        _behind.Dehydrate(dehydrationContext);
        dehydrationContext.AddBytes(Key, Record().Payload);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (!rehydrationContext.TryGetBytes(Key, out var state)) return;
        _arrived = state.ToArray();
        _behind.Rehydrate(rehydrationContext);
    }

    private Task FlushUnlessGoneAsync() => _behind.IsGone ? Task.CompletedTask : StoreAsync();

    // Interleaves with reports, so that none waits for the store, and with its own end, which waits for it.
    private Task<bool> StoreAsync() => _behind.FlushAsync(Record);

    private StoredRecord Record() => new() { Payload = ThreadWriter.BytesOf(_state, static (writer, state) => state.Write(writer)) };
}
