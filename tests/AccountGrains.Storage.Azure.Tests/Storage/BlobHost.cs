using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>A grain storage in a container of its own, as a silo registers it, without the silo.</summary>
public sealed class BlobHost : ITestedStorage
{
    private readonly ServiceProvider _services;
    private readonly string _connection;
    private readonly string _container;

    public BlobHost(string connection, Action<AzureBlobStorageOptions>? configure = null, Action<IServiceCollection>? more = null, string? container = null)
    {
        _connection = connection;
        _container = container ?? $"c{Guid.NewGuid():N}";
        var services = new ServiceCollection()
            .AddLogging()
            .AddSerializer()
            .AddSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>()
            .AddAzureBlobGrainStorage("s", (AzureBlobStorageOptions options) =>
            {
                options.ContainerName = _container;
                options.ConfigureBlobServiceClient(connection);
                options.StoragePolicyOptions.OperationTimeout = TimeSpan.FromSeconds(60);
                configure?.Invoke(options);
            });
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public BlobHost(Azurite azurite, Action<AzureBlobStorageOptions>? configure = null)
        : this(azurite.ConnectionString, configure)
    {
    }

    /// <summary>The container, without the storage in between.</summary>
    public BlobContainerClient Container => new(_connection, _container);

    public IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>("s");

    public async ValueTask StartAsync() => await ((AzureBlobGrainStorage)Storage).StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
