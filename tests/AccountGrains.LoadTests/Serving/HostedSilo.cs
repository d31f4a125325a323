using AccountGrains.Silo.Door;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccountGrains.LoadTests.Serving;

/// <summary>A silo with the tracker in this process.</summary>
internal sealed class HostedSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private HostedSilo(IHost host) => _host = host;

    /// <summary>What is in the silo.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Makes references to its grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts it with settings of the section <c>AccountGrains</c>.</summary>
    public static async Task<HostedSilo> StartAsync(IEnumerable<KeyValuePair<string, string>> settings, CancellationToken cancellationToken, Action<ISiloBuilder>? configure = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("AccountGrains:" + s.Key, (string?)s.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePorts.Take(), FreePorts.Take()).AddTracker();
            silo.Services.AddSingleton<TrackerMetrics>();
            silo.Services.AddDoor();
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        _ = host.Services.GetRequiredService<TrackerMetrics>();
        return new HostedSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
    }
}
