using System.Net;
using System.Net.Sockets;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>What would stop the start is found before anything starts, and said in one paragraph.</summary>
internal static class Preflight
{
    /// <summary>Checks configuration, addresses, ports, store and key.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        KnownSettings.Check(app.Configuration);
        app.Services.GetService<IStartupValidator>()?.Validate();
        var options = app.Services.GetRequiredService<IOptions<TrackerOptions>>().Value;
        var addresses = ListenAddresses.Of(app.Configuration, options.AllowRemote);
        if (addresses.Count == 0) app.Urls.Add(ListenAddresses.Default);
        foreach (var port in ListenAddresses.Ports(addresses)) RequireFree(IPAddress.Loopback, port, "--urls");
        var cluster = options.Cluster;
        var silo = cluster.Provider == ClusterProvider.Localhost ? IPAddress.Loopback : SiloAddresses.TryResolve(cluster.AdvertisedAddress)!;
        RequireFree(silo, cluster.SiloPort, $"{ClusterOptions.Section}:SiloPort");
        RequireFree(silo, cluster.GatewayPort, $"{ClusterOptions.Section}:GatewayPort");
        await StoreOpening.RunAsync(app.Services).ConfigureAwait(false);
        await app.Services.GetRequiredService<ShardCheck>().RunAsync(CancellationToken.None).ConfigureAwait(false);
        await app.Services.GetRequiredService<KeyCheck>().RunAsync(CancellationToken.None).ConfigureAwait(false);
        _ = app.Services.GetRequiredService<TrackerMetrics>();
    }

    private static void RequireFree(IPAddress address, int port, string key)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartRefusedException($"{ClusterOptions.Section}:AdvertisedAddress is {address}, which is no address of this machine.", e);
        }
        catch (SocketException e)
        {
            throw new StartRefusedException($"Port {port} is in use. Set {key} to a free one, or stop what has it.", e);
        }
    }
}
