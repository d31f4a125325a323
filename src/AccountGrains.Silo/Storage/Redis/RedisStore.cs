using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>
/// One or several Redis servers. What they acknowledge is as durable as they are configured to be: a server without an append-only file or snapshots
/// loses everything at its end, which is logged at the start.
/// </summary>
internal sealed class RedisStore(IOptions<StorageOptions> options, IOptions<ClusterOptions> cluster, ILogger<RedisStore> logger) : IStore, IAsyncDisposable, IDisposable
{
    private const int LongestCall = 60_000;
    private const int ReconnectAfter = 1_000;
    private readonly IReadOnlyList<string> _connections = options.Value.Storage.ConnectionStrings;
    private readonly Lazy<Task<ConnectionMultiplexer>>[] _open =
        [.. options.Value.Storage.ConnectionStrings.Select(c => new Lazy<Task<ConnectionMultiplexer>>(() => ConnectionMultiplexer.ConnectAsync(StoreSettings(c))))];

    /// <inheritdoc/>
    public string Where => $"Redis {string.Join(' ', _connections.Select(c => ConnectionText.ServerOf(StorageProvider.Redis, c)))}";

    /// <summary>Reads a connection string. A server that is away is connected to again, and calls meanwhile fail at once instead of waiting for it.</summary>
    public static ConfigurationOptions Settings(string connection)
    {
        var settings = ConfigurationOptions.Parse(connection);
        settings.AbortOnConnectFail = false;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ReconnectRetryPolicy = new LinearRetry(ReconnectAfter);
        return settings;
    }

    /// <summary>The same for states and decisions, whose calls have times of their own, shorter than this.</summary>
    public static ConfigurationOptions StoreSettings(string connection)
    {
        var settings = Settings(connection);
        settings.AsyncTimeout = Math.Max(settings.AsyncTimeout, LongestCall);
        return settings;
    }

    /// <summary>The key of something that belongs to the whole store; all of them live in one slot of a Redis cluster, so that scripts can change them together.</summary>
    public RedisKey Key(string name) => $"{{{cluster.Value.ServiceId}}}/{name}";

    /// <summary>One server's database.</summary>
    public async ValueTask<IDatabase> DatabaseAsync(int shard) => (await _open[shard].Value.ConfigureAwait(false)).GetDatabase();

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _open.Length; shard++)
        {
            var database = await DatabaseAsync(shard).ConfigureAwait(false);
            await database.PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!await IsPersistentAsync(database.Multiplexer).ConfigureAwait(false)) Log.RedisKeepsNothing(logger, ConnectionText.ServerOf(StorageProvider.Redis, _connections[shard]));
        }
    }

    /// <inheritdoc/>
    public IStoreProperties PropertiesOf(int shard) => new RedisStoreProperties(this, shard);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open.Where(o => o.IsValueCreated && o.Value.IsCompletedSuccessfully)) await (await open.Value.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>For containers that are not disposed asynchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>True when the server writes to disk, or does not tell, as managed ones do.</summary>
    private static async Task<bool> IsPersistentAsync(IConnectionMultiplexer connection)
    {
        try
        {
            var info = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "persistence").ConfigureAwait(false))!;
            var save = (string[]?)await connection.GetDatabase().ExecuteAsync("CONFIG", "GET", "save").ConfigureAwait(false);
            return info.Contains("aof_enabled:1", StringComparison.Ordinal) || save is not [_, ""];
        }
        catch (RedisException)
        {
            return true;
        }
    }
}
