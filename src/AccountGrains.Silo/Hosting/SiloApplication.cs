using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>The whole process: a silo with the tracker in it, and HTTP before it.</summary>
internal static class SiloApplication
{
    // What others say at every start and for every call; the watchdog measures its first pause from the machine's start.
    private static readonly (string Category, LogLevel Least)[] Quiet =
        [("Orleans", LogLevel.Warning), ("Orleans.Runtime.Watchdog", LogLevel.Error), ("Polly", LogLevel.Warning), ("Microsoft.Hosting.Lifetime", LogLevel.Warning)];

    // Who reads the log may be slow, and whoever writes to it would wait for that, each verdict in the end: lines are dropped instead, and standard error says how many.
    private static readonly MemoryConfigurationSource Defaults = new() { InitialData = [new("Logging:Console:QueueFullMode", "DropWrite")] };

    /// <summary>Builds it, and checks all that can be checked before anything starts.</summary>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        KnownSettings.Check(args);
        var builder = WebApplication.CreateBuilder([.. args, SettingsFiles.Unwatched]);
        builder.Configuration.Sources.Insert(0, Defaults);
        SettingsFiles.Watch(builder.Configuration, builder.Environment.ContentRootPath);
        configure?.Invoke(builder);
        builder.Host.UseOrleans((context, silo) => silo.UseTrackerCluster(context.Configuration).AddTracker());
        builder.Services.AddDoor();
        builder.Services.AddSingleton<TrackerMetrics>();
        builder.Services.AddHostedService<Warmup>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<TrackerOptions>>((host, options) => host.ShutdownTimeout = options.Value.Silo.ShutdownTimeout);
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
}
