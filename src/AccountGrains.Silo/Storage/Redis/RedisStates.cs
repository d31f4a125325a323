using Microsoft.Extensions.Options;
using Orleans.Persistence;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>
/// Orleans' own grain storage for Redis, over the servers of the store: two on each, as states of accounts and fingerprints expire when they were not stored again
/// for as long as retention says, and others stay.
/// </summary>
internal static class RedisStates
{
    private const string Expiring = "-expiring";
    private static readonly HashSet<string> Types = ["account", "fingerprint"];

    /// <summary>Makes the grain storage.</summary>
    public static IGrainStorage Create(IServiceProvider services, string name) => new ShardedGrainStorage(
        [.. ShardedGrainStorage.ShardsOf(services, name, RedisGrainStorageFactory.Create), .. ShardedGrainStorage.ShardsOf(services, name + Expiring, RedisGrainStorageFactory.Create)],
        apart: grain => Types.Contains(grain.Type.ToString()!));

    /// <summary>Sets the options of one server's grain storage.</summary>
    internal sealed class Setup(IOptions<StorageOptions> options, IServiceProvider services) : IConfigureNamedOptions<RedisStorageOptions>
    {
        /// <inheritdoc/>
        public void Configure(string? name, RedisStorageOptions redis)
        {
            if (!ShardedGrainStorage.TryParse(name, out var storage, out var shard)) return;
            redis.ConfigurationOptions = RedisStore.StoreSettings(options.Value.Storage.ConnectionStrings[shard]);
            redis.GrainStorageSerializer = services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);
            redis.DeleteStateOnClear = options.Value.Storage.DeleteStateOnClear;
            redis.EntryExpiry = storage.EndsWith(Expiring, StringComparison.Ordinal) ? options.Value.Retention : null;
        }

        /// <inheritdoc/>
        public void Configure(RedisStorageOptions redis) => Configure(Options.DefaultName, redis);
    }
}
