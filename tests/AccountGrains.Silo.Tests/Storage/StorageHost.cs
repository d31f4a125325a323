using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The storage as a silo registers it, over a directory of its own, without the silo.</summary>
internal sealed class StorageHost : ITestedStorage
{
    private readonly string _directory;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, string?> _settings;
    private ServiceProvider _services;

    public StorageHost(string provider, params (string Key, string Value)[] settings)
        : this(provider, TimeProvider.System, settings)
    {
    }

    public StorageHost(string provider, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        _clock = clock;
        _directory = Path.Combine(Path.GetTempPath(), "accountgrains-tests", Guid.NewGuid().ToString("N"));
        _settings = settings.ToDictionary(setting => $"AccountGrains:{setting.Key}", setting => (string?)setting.Value);
        _settings.TryAdd("AccountGrains:DataDirectory", _directory);
        _settings["AccountGrains:Storage:Provider"] = provider;
        _services = Build();
    }

    public IServiceProvider Services => _services;

    public IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);

    public IDecisionLog Decisions => _services.GetRequiredService<IDecisionLog>();

    public IStoreProperties Properties => _services.GetRequiredService<IStoreProperties>();

    public IStore Server => _services.GetRequiredService<IStore>();

    public SqliteStore Store => _services.GetRequiredService<SqliteStore>();

    public string DataDirectory => _directory;

    public string DatabaseFile => Path.Combine(_directory, "accountgrains.db");

    public ValueTask StartAsync() => default;

    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _services = Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private ServiceProvider Build() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build())
        .AddSingleton(_clock)
        .AddLogging()
        .AddSerializer()
        .AddSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>()
        .Configure<ClusterOptions>(options => options.ServiceId = _settings.GetValueOrDefault("AccountGrains:Cluster:ServiceId") ?? "svc")
        .AddAccountGrainsStorage()
        .AddAccountGrainsStorage()
        .BuildServiceProvider();
}
