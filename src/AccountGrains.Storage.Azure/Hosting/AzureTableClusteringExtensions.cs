using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Persistence.AzureStorage;

namespace Orleans.Hosting;

/// <summary>Lets silos and clients find each other in an Azure table.</summary>
public static class AzureTableClusteringExtensions
{
    /// <summary>Puts the silo into a cluster whose members are in an Azure table.</summary>
    public static ISiloBuilder UseAzureStorageClustering(this ISiloBuilder builder, Action<AzureStorageClusteringOptions> configureOptions) =>
        builder.UseAzureStorageClustering((OptionsBuilder<AzureStorageClusteringOptions> options) => options.Configure(configureOptions));

    /// <summary>Puts the silo into a cluster whose members are in an Azure table.</summary>
    public static ISiloBuilder UseAzureStorageClustering(this ISiloBuilder builder, Action<OptionsBuilder<AzureStorageClusteringOptions>> configureOptions) =>
        builder.ConfigureServices(services =>
        {
            configureOptions(services.AddOptions<AzureStorageClusteringOptions>());
            services.AddStoreMetrics();
            services.AddTransient<IConfigurationValidator>(sp => new AzureStorageClusteringOptionsValidator(Options<AzureStorageClusteringOptions>(sp), Microsoft.Extensions.Options.Options.DefaultName));
            services.ConfigureFormatter<AzureStorageClusteringOptions>();
            services.AddSingleton<IMembershipTable>(sp => new AzureMembershipTable(
                ClusterId(sp), Table<AzureStorageClusteringOptions>(sp), sp.GetRequiredService<ILogger<AzureMembershipTable>>()));
        });

    /// <summary>Connects the client to a cluster whose members are in an Azure table.</summary>
    public static IClientBuilder UseAzureStorageClustering(this IClientBuilder builder, Action<AzureStorageGatewayOptions> configureOptions) =>
        builder.UseAzureStorageClustering((OptionsBuilder<AzureStorageGatewayOptions> options) => options.Configure(configureOptions));

    /// <summary>Connects the client to a cluster whose members are in an Azure table.</summary>
    public static IClientBuilder UseAzureStorageClustering(this IClientBuilder builder, Action<OptionsBuilder<AzureStorageGatewayOptions>> configureOptions) =>
        builder.ConfigureServices(services =>
        {
            configureOptions(services.AddOptions<AzureStorageGatewayOptions>());
            services.AddStoreMetrics();
            services.AddTransient<IConfigurationValidator>(sp => new AzureStorageGatewayOptionsValidator(Options<AzureStorageGatewayOptions>(sp), Microsoft.Extensions.Options.Options.DefaultName));
            services.ConfigureFormatter<AzureStorageGatewayOptions>();
            services.AddSingleton<IGatewayListProvider>(sp => new AzureGatewayList(
                ClusterId(sp), Table<AzureStorageGatewayOptions>(sp), sp.GetRequiredService<IOptions<GatewayOptions>>(), sp.GetRequiredService<ILogger<AzureGatewayList>>()));
        });

    private static SiloTable Table<TOptions>(IServiceProvider services)
        where TOptions : AzureStorageOperationOptions =>
        new(ClusterId(services), Options<TOptions>(services), services.GetRequiredService<StoreMetrics>(), services.GetRequiredService<ILogger<SiloTable>>());

    private static TOptions Options<TOptions>(IServiceProvider services)
        where TOptions : class =>
        services.GetRequiredService<IOptions<TOptions>>().Value;

    private static string ClusterId(IServiceProvider services) => Options<ClusterOptions>(services).ClusterId;
}
