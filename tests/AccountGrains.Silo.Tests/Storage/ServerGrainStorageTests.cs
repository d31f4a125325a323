using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>Orleans' own grain storage in Redis, as a silo uses it.</summary>
public sealed class RedisGrainStorageTests(RedisServer server) : GrainStorageConformance(new ServerStorage("Redis", server), deleteOnClear: true, namesVersions: false), IClassFixture<RedisServer>;

/// <summary>Orleans' own grain storage in PostgreSQL, as a silo uses it.</summary>
public sealed class PostgresGrainStorageTests(PostgresServer server) : GrainStorageConformance(new ServerStorage("Postgres", server), deleteOnClear: true, namesVersions: false), IClassFixture<PostgresServer>;

/// <summary>Grain storage over a server, started as in a silo.</summary>
internal sealed class ServerStorage(string provider, ServerProcess server) : ITestedStorage
{
    private readonly StorageHost _host = ServerHosts.Host(provider, server);
    private IAsyncDisposable? _started;

    public IGrainStorage Storage => _host.Storage;

    /// <summary>Starts a host's grain storage; what it gives ends it.</summary>
    public static async Task<IAsyncDisposable> StartedAsync(StorageHost host)
    {
        await host.Server.OpenAsync(CancellationToken.None);
        var lifecycle = new Lifecycle();
        ((ILifecycleParticipant<ISiloLifecycle>)host.Storage).Participate(lifecycle.Subject);
        await lifecycle.Subject.OnStart(CancellationToken.None);
        return lifecycle;
    }

    public async ValueTask StartAsync() => _started = await StartedAsync(_host);

    public async ValueTask DisposeAsync()
    {
        if (_started is not null) await _started.DisposeAsync();
        await _host.DisposeAsync();
    }

    private sealed class Lifecycle : IAsyncDisposable
    {
        public SiloLifecycleSubject Subject { get; } = new(NullLogger<SiloLifecycleSubject>.Instance);

        public async ValueTask DisposeAsync() => await Subject.OnStop(CancellationToken.None);
    }
}
