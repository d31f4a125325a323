using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.LoadTests.Serving;

/// <summary>This program as another process: a silo or the echo.</summary>
internal sealed class ChildProcess : IObservedProcess, IAsyncDisposable
{
    private const int LinesKept = 50;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;
    private readonly HttpClient _http;

    private ChildProcess(string name, string command, int port, string directory, IEnumerable<string> arguments)
    {
        Name = name;
        Port = port;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
        var start = new ProcessStartInfo(Environment.ProcessPath!) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (var argument in (string[])[command, "--urls", $"http://127.0.0.1:{port}", .. arguments]) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>Where it serves HTTP.</summary>
    public int Port { get; }

    /// <summary>Starts one and waits until it serves.</summary>
    public static async Task<ChildProcess> StartAsync(string name, string command, string directory, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var child = new ChildProcess(name, command, FreePorts.Take(), directory, arguments);
        try
        {
            await child.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            return child;
        }
        catch
        {
            await child.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<ProcessSample> SampleAsync() => (await ViewAsync().ConfigureAwait(false)).ToSample();

    public async ValueTask<IReadOnlyDictionary<string, double>> CountersAsync() => (await ViewAsync().ConfigureAwait(false)).Counters;

    /// <summary>Nothing in it is to be kept, so that it is not asked to store anything before its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        using var limit = new CancellationTokenSource(LongestStop);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<SampleView> ViewAsync()
    {
        try
        {
            return await _http.GetFromJsonAsync<SampleView>(SampleEndpoint.Path).ConfigureAwait(false) ?? throw new InvalidDataException($"{Name} gave no sample.");
        }
        catch (HttpRequestException) when (_process.HasExited)
        {
            throw Ended();
        }
    }

    private LoadException Ended() => new($"{Name} ended with {_process.ExitCode}:\n{string.Join('\n', _output)}");

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestStart);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsReadyAsync(limit.Token).ConfigureAwait(false))
        {
            if (_process.HasExited) throw Ended();
            await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        while (_output.Count > LinesKept) _output.TryDequeue(out _);
    }
}
