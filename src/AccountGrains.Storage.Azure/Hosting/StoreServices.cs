using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Persistence.AzureStorage;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>What all the stores need.</summary>
internal static class StoreServices
{
    /// <summary>Adds what they count with.</summary>
    public static IServiceCollection AddStoreMetrics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<StoreMetrics>();
        return services;
    }

    /// <summary>Takes the serializer that is registered under the provider's name, else the silo's.</summary>
    public static void AddSerializerChoice<TOptions>(this IServiceCollection services)
        where TOptions : class, IStorageProviderSerializerOptions, new() =>
        services.TryAddEnumerable(ServiceDescriptor.Transient<IPostConfigureOptions<TOptions>, DefaultStorageProviderSerializerOptionsConfigurator<TOptions>>());
}
