using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.Silo.Tests.Servers;

/// <summary>A server that tests start themselves, on a free port of loopback and over a directory of its own.</summary>
public abstract class ServerProcess : IAsyncLifetime
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>How a silo reaches it.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>Where it keeps its files.</summary>
    protected string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("accountgrains-server-").FullName;

    public async ValueTask InitializeAsync()
    {
        Port = FreePorts.Take();
        await PrepareAsync();
        await StartAsync();
    }

    /// <summary>Starts it, or starts it again on the same port and files.</summary>
    public async Task StartAsync()
    {
        _process = Run(Command());
        using var limit = new CancellationTokenSource(LongestStart);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await IsReadyAsync())
        {
            if (_process.HasExited) throw new InvalidOperationException($"{GetType().Name} ended with {_process.ExitCode}:\n{string.Join('\n', _output)}");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Sends it a signal, such as STOP, CONT or KILL.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it without warning.</summary>
    public async Task KillAsync()
    {
        Signal("KILL");
        await _process!.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The program and its arguments.</summary>
    protected abstract string[] Command();

    /// <summary>True when it answers.</summary>
    protected abstract Task<bool> IsReadyAsync();

    /// <summary>Makes what must be there before it starts.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Runs a program; a missing one fails the test with a sentence.</summary>
    protected Process Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = Directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"These tests need the program {command[0]}, which this machine lacks. Install it, for instance with: {Install}.", e);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>What installs it.</summary>
    protected abstract string Install { get; }

    protected async Task<bool> AcceptsAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }
}
