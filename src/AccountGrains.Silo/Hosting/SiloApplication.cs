using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http;

namespace AccountGrains.Silo.Hosting;

/// <summary>The whole process: a silo with the tracker in it, and HTTP before it.</summary>
internal static class SiloApplication
{
    // What others say at every start and for every call; the watchdog measures its first pause from the machine's start.
    private static readonly (string Category, LogLevel Least)[] Quiet =
        [("Orleans", LogLevel.Warning), ("Orleans.Runtime.Watchdog", LogLevel.Error), ("Polly", LogLevel.Warning), ("Microsoft.Hosting.Lifetime", LogLevel.Warning)];

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Builds it, and checks all that can be checked before anything starts.</summary>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.Host.UseOrleans((context, silo) => silo.UseTrackerCluster(context.Configuration).AddTracker());
        builder.Services.AddDoor();
        builder.Services.AddSingleton<TrackerMetrics>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        foreach (var (category, least) in Quiet) builder.Logging.AddFilter(category, least);
        builder.AddTrackerHttp();

        var app = builder.Build();
        try
        {
            await Preflight.RunAsync(app).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        app.MapTrackerHttp();
        return app;
    }

    /// <summary>Puts the silo into the cluster of section <c>AccountGrains:Cluster</c>.</summary>
    private static ISiloBuilder UseTrackerCluster(this ISiloBuilder silo, IConfiguration configuration)
    {
        var cluster = configuration.GetSection($"{TrackerOptions.Section}:Cluster").Get<ClusterOptions>() ?? new ClusterOptions();
        return silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
    }
}
