using AccountGrains.Silo.AzureStorage;
using AccountGrains.Silo.Storage.AzureTables;
using AccountGrains.Silo.Storage.Postgres;
using AccountGrains.Silo.Storage.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Persistence;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>Puts the storage into a silo.</summary>
internal static class StorageRegistration
{
    /// <summary>
    /// Adds the grain storage <see cref="StorageNames.State"/>, <see cref="IDecisionLog"/> and <see cref="IStoreProperties"/>, in the
    /// store that section <c>AccountGrains</c> names.
    /// </summary>
    public static ISiloBuilder AddAccountGrainsStorage(this ISiloBuilder silo)
    {
        var added = silo.Services.Any(service => service.ServiceType == typeof(IStateTable));
        silo.Services.AddAccountGrainsStorage();
        return added ? silo : silo.AddAzureStates(silo.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions());
    }

    /// <summary>The same, for a container that is no silo's.</summary>
    public static IServiceCollection AddAccountGrainsStorage(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IStateTable))) return services;

        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>().BindConfiguration(StorageOptions.Section);
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageProviderRule>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<DecisionPayloads>();
        services.AddSingleton<SqliteStore>();
        services.AddSingleton<DataDirectoryLock>();
        services.AddSingleton<VolatileStore>();
        services.AddSingleton<RedisStore>();
        services.AddSingleton<PostgresStore>();
        services.AddSingleton<AzureStore>();
        services.AddSingleton(Store);
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StoreStart>();
        services.AddSingleton<ShardCheck>();
        services.AddSingleton(Table);
        services.AddSingleton(Decisions);
        services.AddSingleton(static services => services.GetRequiredService<IStore>().PropertiesOf(0));

        services.AddSingleton<VolatileStateTable>();
        services.AddSingleton(Retention);
        services.AddSingleton<RetentionSweep>();
        services.AddHostedService(static services => services.GetRequiredService<RetentionSweep>());
        services.AddSingleton<IConfigureOptions<RedisStorageOptions>, RedisStates.Setup>();
        services.AddSingleton<IConfigureOptions<AdoNetGrainStorageOptions>, PostgresStates.Setup>();
        services.AddSingleton<KnownAccounts>();
        services.TryAddSingleton<OrleansGrainStorageSerializer>();
        services.TryAddKeyedSingleton<IGrainStorageSerializer>(StorageNames.State, static (services, _) => Forgiving(services));
        services.TryAddKeyedSingleton<IGrainStorageSerializer>(StorageNames.AzureState, static (services, _) => Forgiving(services));
        return services.AddGrainStorage(StorageNames.State, States);
    }

    private static IStore Store(IServiceProvider services) => Kind(services) switch
    {
        StorageProvider.Redis => services.GetRequiredService<RedisStore>(),
        StorageProvider.Postgres => services.GetRequiredService<PostgresStore>(),
        StorageProvider.AzureTable or StorageProvider.AzureBlob => services.GetRequiredService<AzureStore>(),
        StorageProvider.Memory => services.GetRequiredService<VolatileStore>(),
        _ => services.GetRequiredService<SqliteStore>(),
    };

    private static IDecisionLog Decisions(IServiceProvider services) => Kind(services) switch
    {
        StorageProvider.Redis => ActivatorUtilities.CreateInstance<RedisDecisionLog>(services),
        StorageProvider.Postgres => ActivatorUtilities.CreateInstance<PostgresDecisionLog>(services),
        StorageProvider.AzureTable or StorageProvider.AzureBlob => ActivatorUtilities.CreateInstance<AzureDecisionLog>(services),
        StorageProvider.Memory => ActivatorUtilities.CreateInstance<VolatileDecisionLog>(services),
        _ => ActivatorUtilities.CreateInstance<SqliteDecisionLog>(services),
    };

    private static IRetention Retention(IServiceProvider services) => Kind(services) switch
    {
        StorageProvider.Redis => ActivatorUtilities.CreateInstance<RedisRetention>(services),
        StorageProvider.AzureTable => ActivatorUtilities.CreateInstance<AzureRetention>(services, new AzureTableStates(services.GetRequiredService<AzureStore>())),
        StorageProvider.AzureBlob => ActivatorUtilities.CreateInstance<AzureRetention>(services, new AzureBlobStates(services.GetRequiredService<AzureStore>())),
        StorageProvider.Postgres => ActivatorUtilities.CreateInstance<PostgresRetention>(services),
        StorageProvider.Memory => ActivatorUtilities.CreateInstance<VolatileRetention>(services),
        _ => ActivatorUtilities.CreateInstance<SqliteRetention>(services),
    };

    /// <summary>The table of the embedded stores; the others have grain storages of their own.</summary>
    private static IStateTable Table(IServiceProvider services) => Kind(services) == StorageProvider.Memory
        ? services.GetRequiredService<VolatileStateTable>()
        : ActivatorUtilities.CreateInstance<SqliteStateTable>(services);

    /// <summary>Azure's grain storages are known to Orleans under a name of their own, and take part in the silo's life by themselves.</summary>
    private static ISiloBuilder AddAzureStates(this ISiloBuilder silo, StorageOptions options)
    {
        if (options.Storage.ConnectionStrings.Count == 0) return silo;
        return options.Kind switch
        {
            StorageProvider.AzureTable => silo.AddShardedAzureTableGrainStorage(
                StorageNames.AzureState, new AzureAccounts(options.Storage.ConnectionStrings), ConfigureTables),
            StorageProvider.AzureBlob => silo.AddShardedAzureBlobGrainStorage(
                StorageNames.AzureState, new AzureAccounts(options.Storage.ConnectionStrings), ConfigureBlobs),
            _ => silo,
        };

        void ConfigureTables(AzureTableStorageOptions tables)
        {
            tables.DeleteStateOnClear = options.Storage.DeleteStateOnClear;
            options.Storage.Azure.ApplyTo(tables);
        }

        void ConfigureBlobs(AzureBlobStorageOptions blobs)
        {
            blobs.DeleteStateOnClear = options.Storage.DeleteStateOnClear;
            options.Storage.Azure.ApplyTo(blobs);
        }
    }

    private static RecordSerializer Forgiving(IServiceProvider services) => new(services.GetRequiredService<OrleansGrainStorageSerializer>(), services.GetRequiredService<Serializer>());

    private static GrainStates States(IServiceProvider services, string name)
    {
        var kind = Kind(services);
        var inner = kind switch
        {
            StorageProvider.AzureTable or StorageProvider.AzureBlob => services.GetRequiredKeyedService<IGrainStorage>(StorageNames.AzureState),
            StorageProvider.Redis => RedisStates.Create(services, name),
            StorageProvider.Postgres => PostgresStates.Create(services, name),
            _ => TableGrainStorage.Create(services),
        };
        return ActivatorUtilities.CreateInstance<GrainStates>(services, inner, kind is StorageProvider.AzureTable or StorageProvider.AzureBlob);
    }

    private static StorageProvider Kind(IServiceProvider services) => services.GetRequiredService<IOptions<StorageOptions>>().Value.Kind;
}
