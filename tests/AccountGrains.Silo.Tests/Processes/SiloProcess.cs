using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>The silo as its users run it: a process of its own, over a directory that outlives it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStore = TimeSpan.FromMinutes(10);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    private SiloProcess(string directory, (string Key, string Value)[] settings)
    {
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePorts.Take()}"), Timeout = TimeSpan.FromMinutes(2) };
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "AccountGrains.Silo.dll"), "--urls", $"{Http.BaseAddress}",
            $"--AccountGrains:DataDirectory={Path.Combine(directory, "data")}",
            $"--AccountGrains:Cluster:SiloPort={FreePorts.Take()}", $"--AccountGrains:Cluster:GatewayPort={FreePorts.Take()}",
            .. settings.Select(s => $"--AccountGrains:{s.Key}={s.Value}"),
        ]) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    /// <summary>True when it was killed, or stopped where it stood: what it answers after that, to who waited for it, counts nowhere.</summary>
    public bool IsLost { get; set; }

    /// <summary>What it wrote to its console.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<SiloProcess> StartAsync(string directory, params (string Key, string Value)[] settings)
    {
        var silo = new SiloProcess(directory, settings);
        try
        {
            await silo.WaitUntilReadyAsync();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as an operator or an orchestrator does, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Stops it where it stands, or lets it go on: <c>STOP</c> and <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it ended by itself.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends it with <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<string> GetAsync(string path) => await Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public async Task<JsonElement> GetJsonAsync(string path) =>
        await Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Sends one observation; null when it was not answered.</summary>
    public async Task<JsonElement?> ObserveAsync(object observation, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.PostAsJsonAsync(new Uri("/v1/observations", UriKind.Relative), observation, cancellationToken);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Sends many observations and gives the answers, line by line.</summary>
    public async Task<JsonElement[]> ObserveAsync(IEnumerable<object> observations)
    {
        using var body = new StringContent(string.Join('\n', observations.Select(o => JsonSerializer.Serialize(o))) + "\n", Encoding.UTF8, "application/x-ndjson");
        using var response = await Http.PostAsync(new Uri("/v1/observations", UriKind.Relative), body, TestContext.Current.CancellationToken);
        var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    public async Task CloseEpochAsync(DateTimeOffset until)
    {
        using var response = await Http.PostAsJsonAsync(new Uri("/v1/epochs", UriKind.Relative), new { until }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A gauge's value.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var lines = (await GetAsync("/metrics")).Split('\n');
        return double.Parse(lines.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>What a metric has in all of its series, or in those with a label.</summary>
    public async Task<double> SumAsync(string name, string label = "") => (await GetAsync("/metrics")).Split('\n')
        .Where(l => l.StartsWith(name + "{", StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal)).Sum(l => double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));

    /// <summary>Waits until it has stored everything, as before it can be checked what is there.</summary>
    public async Task StoredAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(LongestStore);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await MetricAsync("accountgrains_unflushed_count") + await MetricAsync("accountgrains_decisions_pending") > 0) await timer.WaitForNextTickAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Http.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(LongestStart);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(limit.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The silo ended with {_process.ExitCode}:\n{Output}");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }
}
