using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Orleans.Persistence.AzureStorage;
using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>Grain storage in Azure blobs.</summary>
public class AzureBlobStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>The container's name, unless told otherwise.</summary>
#pragma warning disable CA1707 // The official package's name.
    public const string DEFAULT_CONTAINER_NAME = "grainstate";
#pragma warning restore CA1707

    /// <summary>The stage of the silo's life in which the container is made, unless told otherwise.</summary>
#pragma warning disable CA1707 // The official package's name.
    public const int DEFAULT_INIT_STAGE = ServiceLifecycleStage.ApplicationServices;
#pragma warning restore CA1707

    /// <summary>The container's name; default <c>grainstate</c>.</summary>
    public string ContainerName { get; set; } = DEFAULT_CONTAINER_NAME;

    /// <summary>Clearing a state deletes its blob, instead of leaving an empty one; default true.</summary>
    public bool DeleteStateOnClear { get; set; } = true;

    /// <summary>The stage of the silo's life in which the container is made; default 10,000, with the application's services.</summary>
    public int InitStage { get; set; } = DEFAULT_INIT_STAGE;

    /// <summary>Writes and reads states; by default the one registered under the provider's name, else the silo's.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;

    /// <summary>How long calls may take, and how often they are tried.</summary>
    public AzureStoragePolicyOptions StoragePolicyOptions { get; } = new();

    /// <summary>The SDK's options for a client that is made here; by default one that leaves trying again to the provider.</summary>
    public BlobClientOptions? ClientOptions { get; set; }

    /// <summary>Chooses a grain's container; by default all have the same.</summary>
    public Func<IServiceProvider, AzureBlobStorageOptions, IBlobContainerFactory> BuildContainerFactory { get; set; } =
        static (_, options) => new SingleContainerFactory(options);

    /// <summary>The client; one that is set here keeps its own options, and tries again by itself if they say so.</summary>
    public BlobServiceClient? BlobServiceClient
    {
        get;
        set
        {
            field = value;
            CreateClient = value is null ? null : () => Task.FromResult(value);
        }
    }

    internal Func<Task<BlobServiceClient>>? CreateClient { get; private set; }

    /// <summary>Reaches the account by a connection string.</summary>
    public void ConfigureBlobServiceClient(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        CreateClient = () => Task.FromResult(new BlobServiceClient(connectionString, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address, as whom the environment says: a managed identity, a workload identity, a developer. An address with a signature needs nobody.</summary>
    public void ConfigureBlobServiceClient(Uri serviceUri)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        if (serviceUri.Query.Length == 0) ConfigureBlobServiceClient(serviceUri, new DefaultAzureCredential());
        else CreateClient = () => Task.FromResult(new BlobServiceClient(serviceUri, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address, as a managed identity or whom else the credential names.</summary>
    public void ConfigureBlobServiceClient(Uri serviceUri, TokenCredential tokenCredential)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(tokenCredential);
        CreateClient = () => Task.FromResult(new BlobServiceClient(serviceUri, tokenCredential, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address and a signature.</summary>
    public void ConfigureBlobServiceClient(Uri serviceUri, AzureSasCredential azureSasCredential)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(azureSasCredential);
        CreateClient = () => Task.FromResult(new BlobServiceClient(serviceUri, azureSasCredential, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address and key.</summary>
    public void ConfigureBlobServiceClient(Uri serviceUri, StorageSharedKeyCredential sharedKeyCredential)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(sharedKeyCredential);
        CreateClient = () => Task.FromResult(new BlobServiceClient(serviceUri, sharedKeyCredential, EffectiveOptions()));
    }

    /// <summary>Has the client made when it is first needed.</summary>
    public void ConfigureBlobServiceClient(Func<Task<BlobServiceClient>> createClientCallback)
    {
        ArgumentNullException.ThrowIfNull(createClientCallback);
        CreateClient = createClientCallback;
    }

    private BlobClientOptions EffectiveOptions()
    {
        if (ClientOptions is { } own) return own;
        var options = new BlobClientOptions();
        StoragePolicyOptions.ApplyTo(options);
        return options;
    }
}
