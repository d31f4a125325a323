using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>What became of the requests of one phase.</summary>
internal sealed class PhaseCounts
{
    private readonly ConcurrentBag<double> _milliseconds = [];
    private int _failed;

    /// <summary>Answers by state: live, stale, fallback.</summary>
    public ConcurrentDictionary<string, int> States { get; } = new();

    /// <summary>Answers that were no allow, by state.</summary>
    public ConcurrentDictionary<string, int> Restricted { get; } = new();

    /// <summary>Requests that had no answer, or an error.</summary>
    public int Failed => _failed;

    /// <summary>All requests.</summary>
    public int Sent => States.Values.Sum() + Failed;

    /// <summary>The share of requests that the account itself answered.</summary>
    public double LiveShare => Sent == 0 ? 0 : (double)States.GetValueOrDefault("live") / Sent;

    public void Add(JsonElement? answer, TimeSpan time)
    {
        if (answer is not { } verdict)
        {
            Interlocked.Increment(ref _failed);
            return;
        }

        var state = verdict.GetProperty("state").GetString()!;
        States.AddOrUpdate(state, 1, (_, n) => n + 1);
        if (verdict.GetProperty("verdict").GetString() != "allow") Restricted.AddOrUpdate(state, 1, (_, n) => n + 1);
        _milliseconds.Add(time.TotalMilliseconds);
    }

    /// <summary>A percentile of the time to an answer, in milliseconds.</summary>
    public double Percentile(double share)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    public override string ToString() =>
        FormattableString.Invariant($"{Sent} sent, {string.Join(", ", States.OrderBy(s => s.Key).Select(s => $"{s.Value} {s.Key}"))}, {Failed} failed, p50 {Percentile(0.5):f1} ms, p99 {Percentile(0.99):f1} ms");
}

/// <summary>Accounts that each send a request at fixed times, whether the last one was answered or not.</summary>
internal sealed class SteadyLoad(SiloProcess silo, TimeSpan period) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _sent = new();
    private readonly List<Task> _workers = [];
    private readonly CancellationTokenSource _stop = new();
    private PhaseCounts _phase = new();

    /// <summary>Requests that were sent, by account.</summary>
    public IReadOnlyDictionary<string, int> Sent => _sent;

    /// <summary>Begins a phase, and gives its counts; requests count where they were sent.</summary>
    public PhaseCounts Begin() => _phase = new PhaseCounts();

    /// <summary>Lets more accounts send.</summary>
    public void Add(IEnumerable<string> accounts) => _workers.AddRange(accounts.Select(a => Task.Run(() => WorkAsync(a))));

    /// <summary>Ends when all requests are answered.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public void Dispose() => _stop.Dispose();

    private async Task WorkAsync(string account)
    {
        var calls = new List<Task>();
        using var timer = new PeriodicTimer(period);
        try
        {
            for (var i = 1; await timer.WaitForNextTickAsync(_stop.Token); i++) calls.Add(SendAsync(account, i));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(calls);
        }
    }

    private async Task SendAsync(string account, int number)
    {
        var phase = _phase;
        _sent.AddOrUpdate(account, 1, (_, n) => n + 1);
        var started = Stopwatch.GetTimestamp();
        var answer = await silo.ObserveAsync(new { type = "request", account, requestId = $"{account}-{number}", model = "large", ip = "192.0.2.7" }, CancellationToken.None);
        phase.Add(answer, Stopwatch.GetElapsedTime(started));
    }
}
