using Microsoft.Extensions.Options;
using Orleans.Persistence;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>Orleans' own grain storage for Redis, over the servers of the store.</summary>
internal static class RedisStates
{
    /// <summary>Makes the grain storage.</summary>
    public static IGrainStorage Create(IServiceProvider services, string name) => ShardedGrainStorage.Of(services, name, RedisGrainStorageFactory.Create);

    /// <summary>Sets the options of one server's grain storage.</summary>
    internal sealed class Setup(IOptions<StorageOptions> options, IServiceProvider services) : IConfigureNamedOptions<RedisStorageOptions>
    {
        /// <inheritdoc/>
        public void Configure(string? name, RedisStorageOptions redis)
        {
            if (!ShardedGrainStorage.TryParse(name, out var storage, out var shard)) return;
            redis.ConfigurationOptions = RedisStore.StoreSettings(options.Value.Storage.ConnectionStrings[shard]);
            redis.GrainStorageSerializer = services.GetRequiredKeyedService<IGrainStorageSerializer>(storage);
            redis.DeleteStateOnClear = options.Value.Storage.DeleteStateOnClear;
        }

        /// <inheritdoc/>
        public void Configure(RedisStorageOptions redis) => Configure(Options.DefaultName, redis);
    }
}
