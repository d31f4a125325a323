using Microsoft.Extensions.Options;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// The grain storage that all grains use, whatever the provider behind it: no call takes longer than its limit. An account whose state cannot be read is
/// loaded all the same, with <see cref="Unknown"/> for its ETag; other grains are not loaded then.
/// </summary>
internal sealed class GrainStates(
    IGrainStorage inner, bool startsItself, StoreHealth health, IActivatorProvider activators, IOptions<StorageOptions> options, StorageMetrics metrics, ILogger<GrainStates> logger)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>The ETag of an account's state that could not be read. Nothing is written with it.</summary>
    public const string Unknown = "unknown";

    private readonly StorageSettings _settings = options.Value.Storage;

    // More at a time than the store can serve would only make each wait longer, until all of them have waited too long.
    private readonly SemaphoreSlim _reading = new(options.Value.Storage.MaxReads);

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
        metrics.Reads.Add(1, new KeyValuePair<string, object?>("state", stateName.StartsWith("members", StringComparison.Ordinal) ? "members" : stateName));
        try
        {
            await EnterAsync(cancellationToken);
            try
            {
                grainState.State = await CallAsync(grainState, (state, stop) => inner.ReadStateAsync(stateName, grainId, state, stop), _settings.ReadTimeout, cancellationToken);
            }
            finally
            {
                _reading.Release();
            }
        }
        catch (Exception e) when (stateName == StorageNames.Account && !cancellationToken.IsCancellationRequested)
        {
            Log.HistoryUnknown(logger, e, grainId);
            (grainState.State, grainState.ETag, grainState.RecordExists) = (activators.GetActivator<T>().Create(), Unknown, false);
        }
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        RequireKnown(grainState);

        // The state itself stays: the grain may have put the next one there meanwhile.
        await CallAsync(grainState, (state, stop) => inner.WriteStateAsync(stateName, grainId, state, stop), _settings.WriteTimeout, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        RequireKnown(grainState);
        grainState.State = await CallAsync(grainState, (state, stop) => inner.ClearStateAsync(stateName, grainId, state, stop), _settings.WriteTimeout, cancellationToken);
    }

    public void Dispose() => _reading.Dispose();

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!await _reading.WaitAsync(_settings.ReadTimeout / 2, cancellationToken)) throw new StoreUnavailableException("Too many states are read already.");
    }

    private static void RequireKnown<T>(IGrainState<T> grainState)
    {
        if (grainState.ETag == Unknown) throw new StoreUnavailableException("What is stored is not known; nothing is written over it.");
    }

    /// <summary>The store gets a copy: a call that answers late must not change what the grain has made of its state meanwhile.</summary>
    private async Task<T?> CallAsync<T>(IGrainState<T> grainState, Func<IGrainState<T>, CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        var copy = new GrainState<T> { State = grainState.State, ETag = grainState.ETag, RecordExists = grainState.RecordExists };
        await health.CallAsync(stop => call(copy, stop), limit, cancellationToken);
        (grainState.ETag, grainState.RecordExists) = (copy.ETag, copy.RecordExists);
        return copy.State;
    }
}
