using AccountGrains.LoadTests.Commands;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Redis;
using AccountGrains.LoadTests.Serving;
using AccountGrains.LoadTests.Targets;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.LoadTests.Runs;

/// <summary>The processes and connections of a run; all end with it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly List<object> _open = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("accountgrains-load").FullName;

    private Stage()
    {
    }

    /// <summary>The tracker.</summary>
    public ITarget Tracker { get; private set; } = null!;

    /// <summary>The door before it; null where it is in another process.</summary>
    public ITarget? Door { get; private set; }

    /// <summary>What it is compared with.</summary>
    public List<ITarget> Baselines { get; } = [];

    /// <summary>Counts what fingerprints are told; null where that cannot be seen, or nobody asks.</summary>
    public ReportCounter? Reports { get; private set; }

    /// <summary>The processes that take part, this one first.</summary>
    public List<IObservedProcess> Processes { get; } = [];

    /// <summary>Starts everything that a run needs.</summary>
    public static async Task<Stage> SetAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var stage = new Stage();
        try
        {
            await stage.StartAsync(options, cancellationToken).ConfigureAwait(false);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open.AsEnumerable().Reverse())
        {
            if (open is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(false);
            else (open as IDisposable)?.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private Task StartAsync(LoadOptions options, CancellationToken cancellationToken) => options.Target switch
    {
        TargetKind.Hosted => HostedAsync(options, cancellationToken),
        TargetKind.Http => HttpAsync(options, cancellationToken),
        _ => ClientAsync(options, cancellationToken),
    };

    private async Task HostedAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        Processes.Add(new ThisProcess("silo and generator", Keep(new SiloCounters())));
        KeyValuePair<string, string>[] settings = [new("DataDirectory", Path.Combine(_directory, "silo")), .. options.SiloSettings];
        if (options.Phases.Contains("hub")) Reports = new ReportCounter();
        var silo = Keep(await HostedSilo.StartAsync(settings, cancellationToken, Count).ConfigureAwait(false));
        await AddGrainsAsync(options, silo.Grains, cancellationToken).ConfigureAwait(false);
        Door = new DoorTarget(silo.Services.GetRequiredService<FrontDoor>());
    }

    private void Count(ISiloBuilder silo)
    {
        if (Reports is not null) silo.AddIncomingGrainCallFilter(Reports);
    }

    private async Task ClientAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        Processes.Add(new ThisProcess("generator and client", null));
        var shared = options.Target == TargetKind.Cluster ? await SharedAsync(cancellationToken).ConfigureAwait(false) : [];
        var gateways = new int[options.Silos];
        for (var i = 0; i < options.Silos; i++)
        {
            gateways[i] = FreePorts.Take();
            await SiloAsync(options, i, FreePorts.Take(), gateways[i], shared, cancellationToken).ConfigureAwait(false);
        }

        var client = Keep(await ClientProcess.ConnectAsync(gateways, cancellationToken).ConfigureAwait(false));
        await AddGrainsAsync(options, client.Grains, cancellationToken).ConfigureAwait(false);
    }

    private async Task HttpAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        Processes.Add(new ThisProcess("generator", null));
        var silo = await SiloAsync(options, 0, FreePorts.Take(), FreePorts.Take(), [], cancellationToken).ConfigureAwait(false);
        Tracker = Keep(await HttpTarget.ConnectAsync("accountgrains", silo.Port, options.InFlight, cancellationToken).ConfigureAwait(false));
        if (!options.Baselines.Contains("echo")) return;

        // Not above the silo's directory: the echo's settings are watched for changes, and it would hear of each of the silo's writes.
        var echo = Keep(await ChildProcess.StartAsync("echo", "echo", Path.Combine(_directory, "echo"), [], cancellationToken).ConfigureAwait(false));
        Processes.Add(echo);
        Baselines.Add(Keep(await HttpTarget.ConnectAsync("echo", echo.Port, options.InFlight, cancellationToken).ConfigureAwait(false)));
    }

    /// <summary>What several silos need to be one cluster: a redis-server of their own, for membership and states, and one secret.</summary>
    private async Task<string[]> SharedAsync(CancellationToken cancellationToken)
    {
        var store = Keep(await RedisServer.StartAsync(cancellationToken).ConfigureAwait(false));
        var address = $"127.0.0.1:{store.Port}";
        return
        [
            "--AccountGrains:Cluster:Provider=Redis", $"--AccountGrains:Cluster:ConnectionString={address}", "--AccountGrains:Storage:Provider=Redis",
            $"--AccountGrains:Storage:ConnectionStrings:0={address}", "--AccountGrains:Keys:Current=AAECAwQFBgcICQoLDA0ODw==",
        ];
    }

    private async Task<ChildProcess> SiloAsync(LoadOptions options, int number, int siloPort, int gatewayPort, string[] shared, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            $"--AccountGrains:Cluster:SiloPort={siloPort}", $"--AccountGrains:Cluster:GatewayPort={gatewayPort}", "--AccountGrains:DataDirectory=data",
            .. shared, .. options.SiloSettings.Select(s => $"--AccountGrains:{s.Key}={s.Value}"),
        ];
        var silo = Keep(await ChildProcess.StartAsync($"silo {number + 1}", "serve", Path.Combine(_directory, $"silo{number}"), settings, cancellationToken).ConfigureAwait(false));
        Processes.Add(silo);
        return silo;
    }

    private async Task AddGrainsAsync(LoadOptions options, IGrainFactory grains, CancellationToken cancellationToken)
    {
        Tracker = new GrainTarget("accountgrains", grains, bare: false);
        if (options.Baselines.Contains("bare")) Baselines.Add(new GrainTarget("bare", grains, bare: true));
        if (!options.Baselines.Contains("redis")) return;
        var redis = Keep(await RedisServer.StartAsync(cancellationToken).ConfigureAwait(false));
        Processes.Add(redis);
        Baselines.Add(Keep(await RedisTarget.ConnectAsync(redis.Port, cancellationToken).ConfigureAwait(false)));
    }

    private T Keep<T>(T open)
        where T : notnull
    {
        _open.Add(open);
        return open;
    }
}
