using Orleans.Storage;

namespace AccountGrains.Silo.AzureStorage;

/// <summary>Grain storage in several stores: each grain's states are in the one that its id's hash names.</summary>
internal sealed class ShardedGrainStorage(AzureAccounts accounts, IReadOnlyList<IGrainStorage> shards) : IGrainStorage
{
    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState, cancellationToken);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState, cancellationToken);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState, cancellationToken);

    private IGrainStorage Of(GrainId grain) => shards[accounts.ShardOf(grain)];
}
