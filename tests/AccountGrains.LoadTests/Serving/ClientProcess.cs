using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccountGrains.LoadTests.Serving;

/// <summary>An Orleans client in this process.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly IHost _host;

    private ClientProcess(IHost host) => _host = host;

    /// <summary>Makes references to the silos' grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Connects to silos by the ports of their gateways.</summary>
    public static async Task<ClientProcess> ConnectAsync(int[] gateways, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.UseOrleansClient(client => client.UseStaticClustering(o => o.Gateways = [.. gateways.Select(port => GatewayUri(port))])
            .Configure<Orleans.Configuration.ClusterOptions>(o => (o.ServiceId, o.ClusterId) = ("accountgrains", "accountgrains")));
        var host = builder.Build();
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        return new ClientProcess(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
    }

    private static Uri GatewayUri(int port) => new IPEndPoint(IPAddress.Loopback, port).ToGatewayUri();
}
