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
        app.Services.GetService<IStartupValidator>()?.Validate();
        var options = app.Services.GetRequiredService<IOptions<TrackerOptions>>().Value;
        var addresses = ListenAddresses.Of(app.Configuration, options.AllowRemote);
        if (addresses.Count == 0) app.Urls.Add(ListenAddresses.Default);
        foreach (var port in ListenAddresses.Ports(addresses)) RequireFree(port, "--urls");
        RequireFree(options.Cluster.SiloPort, $"{TrackerOptions.Section}:Cluster:SiloPort");
        RequireFree(options.Cluster.GatewayPort, $"{TrackerOptions.Section}:Cluster:GatewayPort");
        OpenStore(app.Services);
        await app.Services.GetRequiredService<KeyCheck>().RunAsync(CancellationToken.None).ConfigureAwait(false);
        _ = app.Services.GetRequiredService<TrackerMetrics>();
    }

    private static void RequireFree(int port, string key)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new StartRefusedException($"Port {port} is in use. Set {key} to a free one, or stop what has it.", e);
        }
    }

    private static void OpenStore(IServiceProvider services)
    {
        var storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        if (storage.IsVolatile) return;
        try
        {
            services.GetRequiredService<SqliteStore>().Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            throw new StartRefusedException($"The store {storage.DatabaseFile} cannot be opened: {e.Message} Set {StorageOptions.Section}:DataDirectory to a directory that can be written.", e);
        }
    }
}
