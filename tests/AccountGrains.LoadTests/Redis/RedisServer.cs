using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.LoadTests.Redis;

/// <summary>A redis-server of its own, without persistence, on a free port of this machine.</summary>
internal sealed class RedisServer : IObservedProcess, IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private readonly Process _process;

    private RedisServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public string Name => "redis-server";

    public int Port { get; }

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken)
    {
        var port = FreePorts.Take();
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in (string[])["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new LoadException("There is no redis-server. Install Debian's package redis-server, or leave the baseline out (--baselines).", e);
        }

        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var server = new RedisServer(process, port);
        await server.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
        return server;
    }

    public ValueTask<ProcessSample> SampleAsync() => new(ProcessSample.Of(_process));

    public ValueTask<IReadOnlyDictionary<string, double>> CountersAsync() => new(new Dictionary<string, double>());

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestStart);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                (await RedisConnection.OpenAsync(Port, limit.Token).ConfigureAwait(false)).Dispose();
                return;
            }
            catch (SocketException)
            {
                await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false);
            }
        }
    }
}
