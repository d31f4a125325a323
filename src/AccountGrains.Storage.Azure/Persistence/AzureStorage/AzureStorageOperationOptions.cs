using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;

namespace Orleans.Persistence.AzureStorage;

/// <summary>A table, and how to reach it.</summary>
public class AzureStorageOperationOptions
{
    /// <summary>How long calls may take, and how often they are tried.</summary>
    public AzureStoragePolicyOptions StoragePolicyOptions { get; } = new();

    /// <summary>The SDK's options for a client that is made here; by default one that leaves trying again to the provider.</summary>
    public TableClientOptions? ClientOptions { get; set; }

    /// <summary>The table's name.</summary>
    public virtual string TableName { get; set; } = "";

    /// <summary>The client; one that is set here keeps its own options, and tries again by itself if they say so.</summary>
    public TableServiceClient? TableServiceClient
    {
        get;
        set
        {
            field = value;
            CreateClient = value is null ? null : () => Task.FromResult(value);
        }
    }

    internal Func<Task<TableServiceClient>>? CreateClient { get; private set; }

    /// <summary>Reaches the account by a connection string.</summary>
    public void ConfigureTableServiceClient(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        CreateClient = () => Task.FromResult(new TableServiceClient(connectionString, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address, as whom the environment says: a managed identity, a workload identity, a developer. An address with a signature needs nobody.</summary>
    public void ConfigureTableServiceClient(Uri serviceUri)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        if (serviceUri.Query.Length == 0) ConfigureTableServiceClient(serviceUri, new DefaultAzureCredential());
        else CreateClient = () => Task.FromResult(new TableServiceClient(serviceUri, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address, as a managed identity or whom else the credential names.</summary>
    public void ConfigureTableServiceClient(Uri serviceUri, TokenCredential tokenCredential)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(tokenCredential);
        CreateClient = () => Task.FromResult(new TableServiceClient(serviceUri, tokenCredential, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address and a signature.</summary>
    public void ConfigureTableServiceClient(Uri serviceUri, AzureSasCredential azureSasCredential)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(azureSasCredential);
        CreateClient = () => Task.FromResult(new TableServiceClient(serviceUri, azureSasCredential, EffectiveOptions()));
    }

    /// <summary>Reaches the account by its address and key.</summary>
    public void ConfigureTableServiceClient(Uri serviceUri, TableSharedKeyCredential sharedKeyCredential)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(sharedKeyCredential);
        CreateClient = () => Task.FromResult(new TableServiceClient(serviceUri, sharedKeyCredential, EffectiveOptions()));
    }

    /// <summary>Has the client made when it is first needed.</summary>
    public void ConfigureTableServiceClient(Func<Task<TableServiceClient>> createClientCallback)
    {
        ArgumentNullException.ThrowIfNull(createClientCallback);
        CreateClient = createClientCallback;
    }

    private TableClientOptions EffectiveOptions()
    {
        if (ClientOptions is { } own) return own;
        var options = new TableClientOptions();
        StoragePolicyOptions.ApplyTo(options);
        return options;
    }
}
