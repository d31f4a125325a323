using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>A grain storage in a table of its own, as a silo registers it, without the silo.</summary>
public sealed class TableHost : ITestedStorage
{
    private readonly ServiceProvider _services;
    private readonly string _connection;
    private readonly string _table;

    public TableHost(string connection, Action<AzureTableStorageOptions>? configure = null, Action<IServiceCollection>? more = null, string? table = null)
    {
        _connection = connection;
        _table = table ?? $"t{Guid.NewGuid():N}";
        var services = new ServiceCollection()
            .AddLogging()
            .AddSerializer()
            .Configure<ClusterOptions>(options => options.ServiceId = "svc")
            .AddSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>()
            .AddAzureTableGrainStorage("s", options => options.Configure(o =>
            {
                o.TableName = _table;
                o.ConfigureTableServiceClient(connection);
                o.StoragePolicyOptions.OperationTimeout = TimeSpan.FromSeconds(60);
                configure?.Invoke(o);
            }));
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public TableHost(Azurite azurite, Action<AzureTableStorageOptions>? configure = null)
        : this(azurite.ConnectionString, configure)
    {
    }

    /// <summary>The table, without the storage in between.</summary>
    public TableClient Table => new(_connection, _table);

    public IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>("s");

    public async ValueTask StartAsync() => await ((AzureTableGrainStorage)Storage).StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
