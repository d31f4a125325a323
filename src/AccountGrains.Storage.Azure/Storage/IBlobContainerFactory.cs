using Azure.Storage.Blobs;
using Orleans.Configuration;

namespace Orleans.Storage;

/// <summary>Chooses the container of a grain's states.</summary>
public interface IBlobContainerFactory
{
    /// <summary>The container of a grain.</summary>
    BlobContainerClient GetBlobContainerClient(GrainId grainId);

    /// <summary>Makes what it needs, once, before it is asked.</summary>
    Task InitializeAsync(BlobServiceClient client);
}

/// <summary>One container for all.</summary>
internal sealed class SingleContainerFactory(AzureBlobStorageOptions options) : IBlobContainerFactory
{
    private BlobContainerClient? _container;

    /// <inheritdoc/>
    public BlobContainerClient GetBlobContainerClient(GrainId grainId) => _container ?? throw new InvalidOperationException($"The container {options.ContainerName} was not opened yet.");

    /// <inheritdoc/>
    public async Task InitializeAsync(BlobServiceClient client)
    {
        var container = client.GetBlobContainerClient(options.ContainerName);
        await container.CreateIfNotExistsAsync().ConfigureAwait(false);
        _container = container;
    }
}
