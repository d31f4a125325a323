using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Accounts that send one request after the other, each to the next silo, and count what they are answered.</summary>
internal sealed class ClusterLoad(SiloProcesses silos, int accounts) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _accepted = new();
    private readonly ConcurrentDictionary<string, int> _sent = new();
    private readonly SemaphoreSlim _answered = new(0);
    private int _failed;
    private int _fallback;
    private int _stale;
    private int _live;
    private int _restricted;

    /// <summary>Requests that were answered live, by account.</summary>
    public IReadOnlyDictionary<string, int> Accepted => _accepted;

    public int Failed => _failed;

    public int Fallback => _fallback;

    /// <summary>Answers that were anything but allow: nobody here did anything.</summary>
    public int Restricted => _restricted;

    public string Report => string.Create(CultureInfo.InvariantCulture, $"{_live} live, {_stale} stale, {_fallback} fallback, {_failed} failed, {_restricted} restricted");

    /// <summary>Sends until what is done meanwhile is done.</summary>
    public async Task RunAsync(Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        var workers = Task.WhenAll(Enumerable.Range(0, accounts).Select(i => Task.Run(() => WorkAsync($"loaded-{i:d2}", stop.Token))));
        try
        {
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
            await workers;
        }
    }

    /// <summary>Waits for so many more answers.</summary>
    public async Task AnswersAsync(int count)
    {
        while (_answered.CurrentCount > 0) await _answered.WaitAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < count; i++) await _answered.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>No account has more than was sent, nor less than it must have.</summary>
    /// <param name="least">What an account must have.</param>
    /// <param name="again">
    /// How many requests of an account may count again: one that was under way to a frozen silo was answered by another, and comes once more when more than the
    /// last 32 have passed, which alone are told apart.
    /// </param>
    public async Task CheckAsync(Func<string, int> least, int again = 0)
    {
        foreach (var (account, sent) in _sent)
        {
            var view = await silos.Any.GetJsonAsync($"/v1/accounts/{account}");
            var counted = view.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32());
            Assert.InRange(counted, least(account), sent + again);
            Assert.Equal("allow", view.GetProperty("verdict").GetProperty("verdict").GetString());
        }
    }

    public void Dispose() => _answered.Dispose();

    private async Task WorkAsync(string account, CancellationToken stop)
    {
        for (var i = 1; !stop.IsCancellationRequested; i++)
        {
            _sent[account] = i;
            var observation = new { type = "request", account, requestId = $"{account}-{i}", model = "large", ip = "192.0.2.7" };
            var answer = await silos.Any.ObserveAsync(observation, CancellationToken.None);
            Count(account, answer);
            _answered.Release();
        }
    }

    private void Count(string account, JsonElement? answer)
    {
        if (answer is not { } given)
        {
            Interlocked.Increment(ref _failed);
            return;
        }

        if (given.GetProperty("verdict").GetString() != "allow") Interlocked.Increment(ref _restricted);
        switch (given.GetProperty("state").GetString())
        {
            case "live":
                Interlocked.Increment(ref _live);
                _accepted.AddOrUpdate(account, 1, (_, n) => n + 1);
                break;
            case "stale":
                Interlocked.Increment(ref _stale);
                break;
            default:
                Interlocked.Increment(ref _fallback);
                break;
        }
    }
}
