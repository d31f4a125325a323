using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Storage;

[assembly: RegisterProvider("AzureBlobStorage", "GrainStorage", "Silo", typeof(Orleans.Hosting.AzureBlobStorageGrainStorageProviderBuilder))]

namespace Orleans.Hosting;

/// <summary>Adds a grain storage that Orleans' configuration names.</summary>
internal sealed class AzureBlobStorageGrainStorageProviderBuilder : IProviderBuilder<ISiloBuilder>
{
    /// <inheritdoc/>
    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.AddAzureBlobGrainStorage(name!, (OptionsBuilder<AzureBlobStorageOptions> options) => options.Configure<IServiceProvider>((blobs, services) =>
        {
            if (configurationSection["ContainerName"] is { Length: > 0 } container) blobs.ContainerName = container;
            if (configurationSection["SerializerKey"] is { Length: > 0 } key) blobs.GrainStorageSerializer = services.GetRequiredKeyedService<IGrainStorageSerializer>(key);
            Reach(blobs, configurationSection, services);
        }));

    private static void Reach(AzureBlobStorageOptions blobs, IConfigurationSection section, IServiceProvider services)
    {
        if (section["ServiceKey"] is { Length: > 0 } key) blobs.BlobServiceClient = services.GetRequiredKeyedService<BlobServiceClient>(key);
        else if (section.Connection(services) is { } connection)
        {
            if (Uri.TryCreate(connection, UriKind.Absolute, out var address)) blobs.ConfigureBlobServiceClient(address);
            else blobs.ConfigureBlobServiceClient(connection);
        }
    }
}
