using System.Net;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace AccountGrains.Storage.Azure.Tests.Silos;

/// <summary>Real silos and a client that find each other, and keep their states, in the emulator; by Orleans' own configuration or by code.</summary>
internal sealed class AzureCluster(string connection, string storage) : IAsyncDisposable
{
    private readonly string _id = $"c{Guid.NewGuid():N}";
    private readonly List<IHost> _hosts = [];

    public string ServiceId => $"svc{_id}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task<IHost> AddSiloAsync(string name, bool byConfiguration = true)
    {
        var builder = Builder(byConfiguration, ("Orleans:GrainStorage:kept:ProviderType", storage), ("Orleans:GrainStorage:kept:ConnectionName", "store"));
        builder.UseOrleans(silo =>
        {
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePorts.Take(), FreePorts.Take());
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            if (byConfiguration) return;
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (_id, ServiceId));
            silo.UseAzureStorageClustering((Orleans.Clustering.AzureStorage.AzureStorageClusteringOptions options) => options.ConfigureTableServiceClient(connection));
            if (storage == "AzureTableStorage") silo.AddAzureTableGrainStorage("kept", (AzureTableStorageOptions options) => options.ConfigureTableServiceClient(connection));
            else silo.AddAzureBlobGrainStorage("kept", (AzureBlobStorageOptions options) => options.ConfigureBlobServiceClient(connection));
        });
        return await StartAsync(builder);
    }

    public async Task<IClusterClient> AddClientAsync(bool byConfiguration = true)
    {
        var builder = Builder(byConfiguration);
        builder.UseOrleansClient(client =>
        {
            if (byConfiguration) return;
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (_id, ServiceId));
            client.UseAzureStorageClustering((Orleans.Clustering.AzureStorage.AzureStorageGatewayOptions options) => options.ConfigureTableServiceClient(connection));
        });
        return (await StartAsync(builder)).Services.GetRequiredService<IClusterClient>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
    }

    private HostApplicationBuilder Builder(bool byConfiguration, params (string Key, string Value)[] more)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (!byConfiguration) return builder;
        (string Key, string Value)[] settings =
        [
            ("ConnectionStrings:store", connection),
            ("Orleans:ClusterId", _id),
            ("Orleans:ServiceId", ServiceId),
            ("Orleans:Clustering:ProviderType", "AzureTableStorage"),
            ("Orleans:Clustering:ConnectionName", "store"),
            .. more,
        ];
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        return builder;
    }

    private async Task<IHost> StartAsync(HostApplicationBuilder builder)
    {
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Stop);
        return host;
    }
}
