using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// The grain storage that all grains use, whatever the provider behind it: no call takes longer than its limit. An account whose state cannot be read is
/// loaded all the same, with <see cref="Unknown"/> for its ETag; other grains are not loaded then.
/// </summary>
internal sealed class GrainStates(
    IGrainStorage inner, bool startsItself, StoreHealth health, IActivatorProvider activators, IOptions<StorageOptions> options, StorageMetrics metrics, TimeProvider clock, ILogger<GrainStates> logger,
    Standstill? standstill = null)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable, IDisposable
{
    /// <summary>The ETag of an account's state that could not be read. Nothing is written with it.</summary>
    public const string Unknown = "unknown";

    private readonly StorageSettings _settings = options.Value.Storage;

    // A store is slow for all of its callers, so what is slow for a read is slow for a write too.
    private readonly CallLimit _reading = new(options.Value.Storage.MaxReads, options.Value.Storage.ReadTimeout / 4, clock);
    private readonly CallLimit _writing = new(options.Value.Storage.MaxWrites, options.Value.Storage.ReadTimeout / 4, clock);

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls = 1;
    private bool _closing;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        if (!startsItself && inner is ILifecycleParticipant<ISiloLifecycle> participant) participant.Participate(observer);
    }

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        try
        {
            grainState.State = await CallAsync(grainState, Read, _reading, _settings.ReadTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (stateName == StorageNames.Account && !cancellationToken.IsCancellationRequested)
        {
            Log.HistoryUnknown(logger, e, grainId);
            (grainState.State, grainState.ETag, grainState.RecordExists) = (activators.GetActivator<T>().Create(), Unknown, false);
        }

        Task Read(IGrainState<T> state, CancellationToken stop)
        {
            metrics.Reads.Add(1, new KeyValuePair<string, object?>("state", stateName.StartsWith("members", StringComparison.Ordinal) ? "members" : stateName));
            return inner.ReadStateAsync(stateName, grainId, state, stop);
        }
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        RequireKnown(grainState);

        // The state itself stays: the grain may have put the next one there meanwhile.
        return CallAsync(grainState, (state, stop) => inner.WriteStateAsync(stateName, grainId, state, stop), _writing, _settings.WriteTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        RequireKnown(grainState);
        if (grainState.ETag is null && _settings.DeleteStateOnClear && options.Value.Kind == StorageProvider.Postgres)
        {
            // Orleans' relational provider deletes then whatever is there, which is somebody else's: who knows no record has none to clear.
            (grainState.State, grainState.RecordExists) = (activators.GetActivator<T>().Create(), false);
            return;
        }

        grainState.State = await CallAsync(grainState, (state, stop) => inner.ClearStateAsync(stateName, grainId, state, stop), _writing, _settings.WriteTimeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends when every call that has begun, or waits for room, has ended; the store is closed after that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _closing, true)) End();
        await _idle.Task.ConfigureAwait(false);
        _reading.Dispose();
        _writing.Dispose();
    }

    /// <summary>For containers that are not disposed asynchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void End()
    {
        if (Interlocked.Decrement(ref _calls) == 0) _idle.TrySetResult();
    }

    private static void RequireKnown<T>(IGrainState<T> grainState)
    {
        if (grainState.ETag == Unknown) throw new StoreUnavailableException("What is stored is not known; nothing is written over it.");
    }

    /// <summary>The store gets a copy: a call that answers late must not change what the grain has made of its state meanwhile.</summary>
    private async Task<T?> CallAsync<T>(IGrainState<T> grainState, Func<IGrainState<T>, CancellationToken, Task> call, CallLimit room, TimeSpan limit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        var hasRoom = false;
        var succeeded = false;
        long? began = null;
        try
        {
            hasRoom = await room.EnterAsync(limit / 2, cancellationToken).ConfigureAwait(false);
            if (!hasRoom) throw new StoreBusyException();

            // Right before the write, and not when it was asked for: it may have waited for room while the process stood still, and others went on with the grain.
            if (room == _writing && standstill is not null) await standstill.CheckAsync().ConfigureAwait(false);
            began = clock.GetTimestamp();
            var copy = new GrainState<T> { State = grainState.State, ETag = grainState.ETag, RecordExists = grainState.RecordExists };
            await health.CallAsync(stop => call(copy, stop), limit, cancellationToken).ConfigureAwait(false);
            succeeded = true;
            (grainState.ETag, grainState.RecordExists) = (copy.ETag, copy.RecordExists);
            return copy.State;
        }
        finally
        {
            if (hasRoom) room.Leave(began is { } start ? clock.GetElapsedTime(start) : TimeSpan.Zero, succeeded);
            End();
        }
    }
}
