using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>Several grain storages as one: each keeps the states of its share of the grains, told by the grain's uniform hash.</summary>
/// <param name="shards">The storages.</param>
/// <param name="startThemselves">They take part in the silo's life by themselves.</param>
/// <param name="apart">Grains whose states are in the second half of the storages, one for one with the first; null where there is no second half.</param>
internal sealed class ShardedGrainStorage(IReadOnlyList<IGrainStorage> shards, bool startThemselves = false, Func<GrainId, bool>? apart = null) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private const char Separator = '#';

    /// <summary>Makes one grain storage for each connection string, named after it: <c>state#0</c>, <c>state#1</c>, ….</summary>
    public static ShardedGrainStorage Of(IServiceProvider services, string name, Func<IServiceProvider, string, IGrainStorage> create) => new(ShardsOf(services, name, create));

    /// <summary>The same storages as a list.</summary>
    public static IReadOnlyList<IGrainStorage> ShardsOf(IServiceProvider services, string name, Func<IServiceProvider, string, IGrainStorage> create)
    {
        var count = services.GetRequiredService<IOptions<StorageOptions>>().Value.Storage.ConnectionStrings.Count;
        return [.. Enumerable.Range(0, count).Select(i => create(services, string.Create(CultureInfo.InvariantCulture, $"{name}{Separator}{i}")))];
    }

    /// <summary>Takes such a name apart.</summary>
    public static bool TryParse(string? name, out string storage, out int shard)
    {
        var parts = (name ?? "").Split(Separator);
        storage = parts[0];
        shard = 0;
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out shard);
    }

    /// <summary>Which of the shards keeps a grain's states.</summary>
    public static int ShardOf(GrainId grainId, int count) => (int)(grainId.GetUniformHashCode() % (uint)count);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        if (startThemselves) return;
        foreach (var shard in shards.OfType<ILifecycleParticipant<ISiloLifecycle>>()) shard.Participate(observer);
    }

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Of(grainId).ReadStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Of(grainId).WriteStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Of(grainId).ClearStateAsync(stateName, grainId, grainState);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState, cancellationToken);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState, cancellationToken);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState, cancellationToken);

    private IGrainStorage Of(GrainId grainId)
    {
        if (apart is null) return shards[ShardOf(grainId, shards.Count)];
        var half = shards.Count / 2;
        return shards[ShardOf(grainId, half) + (apart(grainId) ? half : 0)];
    }
}
