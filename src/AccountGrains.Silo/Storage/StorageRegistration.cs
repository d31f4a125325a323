using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
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
        silo.Services.AddAccountGrainsStorage();
        return silo;
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
        services.AddSingleton<SqliteStore>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StoreStart>();

        services.AddSingleton<VolatileStateTable>();
        services.AddEither<IStateTable, SqliteStateTable, VolatileStateTable>();
        services.AddEither<IDecisionLog, SqliteDecisionLog, VolatileDecisionLog>();
        services.AddEither<IRetention, SqliteRetention, VolatileRetention>();
        services.AddSingleton<RetentionSweep>();
        services.AddHostedService(static services => services.GetRequiredService<RetentionSweep>());
        services.AddEither<IStoreProperties, SqliteStoreProperties, VolatileStoreProperties>();

        services.TryAddKeyedSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>(StorageNames.State);
        return services.AddGrainStorage(StorageNames.State, static (services, name) => new TableGrainStorage(
            services.GetRequiredService<IStateTable>(),
            services.GetRequiredKeyedService<IGrainStorageSerializer>(name),
            services.GetRequiredService<IActivatorProvider>(),
            services.GetRequiredService<IOptions<StorageOptions>>(),
            services.GetRequiredService<StorageMetrics>(),
            services.GetRequiredService<ILogger<TableGrainStorage>>()));
    }

    private static void AddEither<TService, TSqlite, TVolatile>(this IServiceCollection services)
        where TService : class
        where TSqlite : TService
        where TVolatile : TService =>
        services.AddSingleton<TService>(static services => services.GetRequiredService<IOptions<StorageOptions>>().Value.IsVolatile
            ? services.GetService<TVolatile>() ?? ActivatorUtilities.CreateInstance<TVolatile>(services)
            : ActivatorUtilities.CreateInstance<TSqlite>(services));
}
