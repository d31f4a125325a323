namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Silo processes that make one cluster over one store.</summary>
internal sealed class SiloProcesses(ClusterStore store, string directory, params (string Key, string Value)[] settings) : IAsyncDisposable
{
    private readonly string _service = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly List<SiloProcess> _silos = [];
    private readonly List<SiloProcess> _all = [];
    private int _next;

    /// <summary>The silos that take requests now.</summary>
    public SiloProcess[] Serving
    {
        get
        {
            lock (_lock) return [.. _silos];
        }
    }

    /// <summary>One after the other.</summary>
    public SiloProcess Any => Next() ?? throw new InvalidOperationException("No silo takes requests.");

    /// <summary>The last line of each silo that ended.</summary>
    public IEnumerable<string> LastWords => _all.Where(s => !_silos.Contains(s)).Select(s => s.Output.Split('\n')[^1]);

    /// <summary>What the silos warned of, each in the order in which it began to.</summary>
    public IEnumerable<string> Complaints => _all.SelectMany((silo, number) => silo.Output.Split('\n')
        .Where(l => l.Contains("Exception", StringComparison.Ordinal) || l.StartsWith("warn", StringComparison.Ordinal)).CountBy(l => l)
        .Select(l => $"silo {number + 1}, {l.Value} times: {l.Key}")).Take(400);

    /// <summary>The next one, but for one that did not answer; none when there is none.</summary>
    public SiloProcess? Next(SiloProcess? than = null) => Serving.Where(s => s != than).ToArray() is { Length: > 0 } silos ? silos[(int)((uint)Interlocked.Increment(ref _next) % (uint)silos.Length)] : null;

    public async Task<SiloProcess> AddAsync()
    {
        var silo = await SiloProcess.StartAsync(directory,
        [
            .. store.Settings, ("Cluster:ServiceId", _service), ("Cluster:ClusterId", _service),
            ("Keys:Current", "AAECAwQFBgcICQoLDA0ODw=="), .. settings,
        ]);
        lock (_lock)
        {
            _silos.Add(silo);
            _all.Add(silo);
            return silo;
        }
    }

    /// <summary>No more requests to one, as whoever spreads them does before it goes.</summary>
    public SiloProcess TakeOut(int index)
    {
        lock (_lock)
        {
            var silo = _silos[index];
            _silos.RemoveAt(index);
            return silo;
        }
    }

    /// <summary>Stops one cleanly; gives its exit code.</summary>
    public async Task<int> StopAsync(int index)
    {
        await using var silo = TakeOut(index);
        return await silo.TerminateAsync();
    }

    /// <summary>Stops all at once, while requests still come; gives their exit codes.</summary>
    public async Task<int[]> StopAllUnderLoadAsync()
    {
        var exits = await Task.WhenAll(Serving.Select(s => s.TerminateAsync()));
        while (Serving.Length > 0) await TakeOut(0).DisposeAsync();
        return exits;
    }

    /// <summary>Serves the observations of one epoch, an account's own one after the other through one silo, and closes it.</summary>
    public async Task ReplayAsync(DateTimeOffset end, (string Account, object Observation)[] requests)
    {
        var silos = Serving;
        var parts = requests.GroupBy(r => (uint)StringComparer.Ordinal.GetHashCode(r.Account) % (uint)silos.Length).ToArray();
        var answers = await Task.WhenAll(parts.Select(p => silos[p.Key].ObserveAsync(p.Select(r => r.Observation))));
        Assert.All(answers.SelectMany(a => a), answer => Assert.Equal("live", answer.GetProperty("state").GetString()));
        await Any.CloseEpochAsync(end);
    }

    /// <summary>How many messages went from silo to silo since each of them started, against the observations that their doors took in.</summary>
    public async Task<string> MessagesAsync()
    {
        var messages = await Task.WhenAll(Serving.Select(s => s.SumAsync("orleans_messaging_sent_messages_size_bytes_count", "SiloToSilo")));
        var verdicts = await Task.WhenAll(Serving.Select(s => s.SumAsync("accountgrains_verdicts_total")));
        return FormattableString.Invariant($"{Serving.Length} silos: {messages.Sum()} messages between them for {verdicts.Sum()} observations, {messages.Sum() / Math.Max(1, verdicts.Sum()):f2} for each");
    }

    /// <summary>Waits until the others count on a silo no more: its shards are theirs.</summary>
    public async Task ForgottenAsync(SiloProcess silo)
    {
        Assert.DoesNotContain(silo, Serving);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var shards = await Task.WhenAll(Serving.Select(s => s.MetricAsync("accountgrains_epoch_shards")));
            if ((int)shards.Sum() == 32) return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Serving) await silo.DisposeAsync();
    }
}
