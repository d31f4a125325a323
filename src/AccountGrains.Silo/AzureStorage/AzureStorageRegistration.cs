using AccountGrains.Silo.Storage;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace AccountGrains.Silo.AzureStorage;

/// <summary>Puts grain storage in one or several Azure storage accounts into a silo, over our provider or the official one.</summary>
internal static class AzureStorageRegistration
{
#if OFFICIAL_AZURE_STORAGE
    /// <summary>How often the client of a provider, for states or membership, tries again.</summary>
    public const int Tries = AzureAccounts.Tries;
#else
    /// <summary>How often the client of a provider, for states or membership, tries again: our providers do that by themselves, and know their own writes by that.</summary>
    public const int Tries = 0;
#endif

    /// <summary>Adds a grain storage in a table of each account; with one account it is the official layout and nothing else.</summary>
    public static ISiloBuilder AddShardedAzureTableGrainStorage(
        this ISiloBuilder silo, string name, AzureAccounts accounts, Action<AzureTableStorageOptions>? configure = null)
    {
        return silo.AddShards(name, accounts, HasRowsAsync, (shardName, shard) => silo.AddAzureTableGrainStorage(
            shardName, (OptionsBuilder<AzureTableStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
            {
                options.GrainStorageSerializer = Serializer(services, name);
                options.TableServiceClient = accounts.Tables(shard, Tries);
                configure?.Invoke(options);
            })));

        async Task<bool> HasRowsAsync(IServiceProvider services, string shardName, int shard, CancellationToken cancellationToken)
        {
            var service = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId;
            var table = accounts.Tables(shard).GetTableClient(services.GetRequiredService<IOptionsMonitor<AzureTableStorageOptions>>().Get(shardName).TableName);
            await table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);

            // The rows of a service begin with its id and an underscore, which the accent follows.
            var filter = TableClient.CreateQueryFilter($"PartitionKey ge {service + "_"} and PartitionKey lt {service + "`"}");
            return await table.QueryAsync<TableEntity>(filter, maxPerPage: 1, cancellationToken: cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a grain storage in a container of each account; with one account it is the official layout and nothing else.</summary>
    public static ISiloBuilder AddShardedAzureBlobGrainStorage(
        this ISiloBuilder silo, string name, AzureAccounts accounts, Action<AzureBlobStorageOptions>? configure = null)
    {
        return silo.AddShards(name, accounts, HasBlobsAsync, (shardName, shard) => silo.AddAzureBlobGrainStorage(
            shardName, (OptionsBuilder<AzureBlobStorageOptions> builder) => builder.Configure<IServiceProvider>((options, services) =>
            {
                options.GrainStorageSerializer = Serializer(services, name);
                options.BlobServiceClient = accounts.Blobs(shard, Tries);
                configure?.Invoke(options);
            })));

        async Task<bool> HasBlobsAsync(IServiceProvider services, string shardName, int shard, CancellationToken cancellationToken)
        {
            var container = accounts.Blobs(shard).GetBlobContainerClient(services.GetRequiredService<IOptionsMonitor<AzureBlobStorageOptions>>().Get(shardName).ContainerName);
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return await container.GetBlobsAsync(cancellationToken: cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ISiloBuilder AddShards(
        this ISiloBuilder silo,
        string name,
        AzureAccounts accounts,
        Func<IServiceProvider, string, int, CancellationToken, Task<bool>> hasStates,
        Action<string, int> addShard)
    {
        string[] names = accounts.Count == 1 ? [name] : [.. Enumerable.Range(0, accounts.Count).Select(shard => $"{name}-{shard}")];
        for (var shard = 0; shard < names.Length; shard++) addShard(names[shard], shard);
        silo.Services.AddSingleton(services => new ShardPlaces(
            accounts, name, (shard, token) => hasStates(services, names[shard], shard, token), services.GetRequiredService<IOptions<ClusterOptions>>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<ShardPlaces>());
        if (accounts.Count == 1) return silo;
        silo.Services.AddGrainStorage(name, (services, _) => new ShardedGrainStorage([.. names.Select(services.GetRequiredKeyedService<IGrainStorage>)], startThemselves: true));
        return silo;
    }

    private static IGrainStorageSerializer Serializer(IServiceProvider services, string name) =>
        services.GetKeyedService<IGrainStorageSerializer>(name) ?? services.GetRequiredService<IGrainStorageSerializer>();
}
