using StackExchange.Redis;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>The properties in a Redis hash.</summary>
internal sealed class RedisStoreProperties(RedisStore store, int shard) : IStoreProperties
{
    private readonly RedisKey _key = store.Key("properties");

    /// <inheritdoc/>
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(shard).ConfigureAwait(false);
        return await database.HashGetAsync(_key, name).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(shard).ConfigureAwait(false);
        return await database.HashSetAsync(_key, name, value, When.NotExists).WaitAsync(cancellationToken).ConfigureAwait(false)
            ? value
            : (await GetAsync(name, cancellationToken).ConfigureAwait(false))!;
    }
}
