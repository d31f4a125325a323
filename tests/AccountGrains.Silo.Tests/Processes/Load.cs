using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Accounts that send one request after the other, and are banned and restored now and then, until the silo is gone.</summary>
internal sealed class Load(SiloProcess silo, string prefix, int accounts, DateTimeOffset? time = null)
{
    private const int BanEvery = 40;
    private readonly ConcurrentDictionary<string, List<long>> _accepted = new();
    private readonly ConcurrentDictionary<string, int> _sent = new();
    private readonly ConcurrentDictionary<string, HashSet<string>> _durable = new();
    private readonly ConcurrentDictionary<string, string> _initial = new();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answers;

    /// <summary>When requests were answered, by account, as timestamps of the stopwatch.</summary>
    public IReadOnlyDictionary<string, List<long>> Accepted => _accepted;

    /// <summary>Requests that were sent, by account, answered or not.</summary>
    public IReadOnlyDictionary<string, int> Sent => _sent;

    /// <summary>Decisions that an answer called durable, by account.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Durable => _durable;

    /// <summary>The decision that each account started with: the allow that has no record.</summary>
    public IReadOnlyDictionary<string, string> Initial => _initial;

    /// <summary>Runs until the silo does not answer, and is called enough after a number of answers.</summary>
    public async Task RunAsync(int enough, Func<Task> onEnough)
    {
        using var stop = new CancellationTokenSource();
        var workers = Task.WhenAll(Enumerable.Range(0, accounts).Select(i => Task.Run(() => WorkAsync($"{prefix}-{i:d2}", enough, stop.Token))));
        await Task.WhenAny(_enough.Task, workers);
        await onEnough();
        await stop.CancelAsync();
        await workers;
    }

    private async Task WorkAsync(string account, int enough, CancellationToken stop)
    {
        var accepted = _accepted.GetOrAdd(account, _ => []);
        var durable = _durable.GetOrAdd(account, _ => []);
        for (var i = 1; !stop.IsCancellationRequested; i++)
        {
            if (i % BanEvery == 0 && i / BanEvery < 40) await silo.ObserveAsync(Observation(account, i / BanEvery % 2 == 1 ? "ban" : "restore", i), stop);
            _sent[account] = i;
            if (await silo.ObserveAsync(Observation(account, "request", i), stop) is not { } answer) return;
            _initial.TryAdd(account, Text(answer, "decisionId"));
            if (Text(answer, "state") == "live") accepted.Add(Stopwatch.GetTimestamp());
            if (answer.GetProperty("durable").GetBoolean()) durable.Add(Text(answer, "decisionId"));
            if (Interlocked.Increment(ref _answers) == enough) _enough.TrySetResult();
        }
    }

    private Dictionary<string, object> Observation(string account, string type, int number)
    {
        var observation = new Dictionary<string, object> { ["account"] = account, ["type"] = type, ["requestId"] = $"{account}-{number}", ["model"] = "large", ["ip"] = "192.0.2.7" };
        if (time is { } at) observation["time"] = at;
        return observation;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
