using AccountGrains.Silo.AzureStorage;
using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.AzureStorage;

/// <summary>Grain storage in several accounts, as a silo registers it, without the silo.</summary>
internal sealed class ShardedHost : ITestedStorage, ISiloBuilder, ISiloLifecycle
{
    private readonly ServiceProvider _services;
    private readonly List<(int Stage, ILifecycleObserver Observer)> _stages = [];

    public ShardedHost(IReadOnlyList<string> connections, Action<ISiloBuilder, AzureAccounts> add, string? service = null, params (string Key, string Value)[] settings)
    {
        Accounts = new AzureAccounts(connections);
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => $"AccountGrains:{s.Key}", s => (string?)s.Value)).Build();
        Services.AddSingleton(Configuration).AddLogging().AddSerializer();
        Services.Configure<ClusterOptions>(options => options.ServiceId = service ?? $"svc{Guid.NewGuid():N}");
        Services.AddKeyedSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>(StorageNames.State);
        add(this, Accounts);
        _services = Services.BuildServiceProvider();
    }

    public AzureAccounts Accounts { get; }

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; }

    public IServiceProvider Registered => _services;

    public IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);

    public int HighestCompletedStage => int.MinValue;

    public int LowestStoppedStage => int.MaxValue;

    public async ValueTask StartAsync()
    {
        foreach (var participant in _services.GetServices<ILifecycleParticipant<ISiloLifecycle>>()) participant.Participate(this);
        foreach (var (_, observer) in _stages.OrderBy(s => s.Stage)) await observer.OnStart(TestContext.Current.CancellationToken);
    }

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        _stages.Add((stage, observer));
        return new MemoryStream();
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
