using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Puts grain storage in Azure blobs into a container of services.</summary>
public static class AzureBlobGrainStorageServiceCollectionExtensions
{
    /// <summary>Makes Azure blobs the default grain storage.</summary>
    public static IServiceCollection AddAzureBlobGrainStorageAsDefault(this IServiceCollection services, Action<AzureBlobStorageOptions> configureOptions) =>
        services.AddAzureBlobGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    /// <summary>Adds a grain storage in Azure blobs.</summary>
    public static IServiceCollection AddAzureBlobGrainStorage(this IServiceCollection services, string name, Action<AzureBlobStorageOptions> configureOptions) =>
        services.AddAzureBlobGrainStorage(name, (OptionsBuilder<AzureBlobStorageOptions> options) => options.Configure(configureOptions));

    /// <summary>Makes Azure blobs the default grain storage.</summary>
    public static IServiceCollection AddAzureBlobGrainStorageAsDefault(
        this IServiceCollection services, Action<OptionsBuilder<AzureBlobStorageOptions>>? configureOptions = null) =>
        services.AddAzureBlobGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);

    /// <summary>Adds a grain storage in Azure blobs.</summary>
    public static IServiceCollection AddAzureBlobGrainStorage(
        this IServiceCollection services, string name, Action<OptionsBuilder<AzureBlobStorageOptions>>? configureOptions = null)
    {
        configureOptions?.Invoke(services.AddOptions<AzureBlobStorageOptions>(name));
        services.AddStoreMetrics();
        services.AddTransient<IConfigurationValidator>(sp =>
            new AzureBlobStorageOptionsValidator(sp.GetRequiredService<IOptionsMonitor<AzureBlobStorageOptions>>().Get(name), name));
        services.AddSerializerChoice<AzureBlobStorageOptions>();
        services.ConfigureNamedOptionForLogging<AzureBlobStorageOptions>(name);
        if (name == ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME) services.TryAddSingleton(sp => sp.GetRequiredKeyedService<IGrainStorage>(name));
        return services.AddGrainStorage(name, AzureBlobGrainStorageFactory.Create);
    }
}
