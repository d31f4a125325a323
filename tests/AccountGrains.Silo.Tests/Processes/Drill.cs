using System.Diagnostics;
using System.Globalization;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>
/// Three silos under open load, to which something happens. ACCOUNTGRAINS_DRILL_RATE and _ACCOUNTS set the load, _DEADLINE the deadline in milliseconds, and _REPEATS
/// how often it happens; with ACCOUNTGRAINS_DRILL_SETTINGS=default silos find out that one is gone as they do in production.
/// </summary>
internal sealed class Drill : IAsyncDisposable
{
    public const int Silos = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ScratchDirectory _directory = new();
    private readonly ITestOutputHelper _output;
    private readonly string _store;
    private readonly List<(long From, long Until)> _lost = [];

    private Drill(ClusterStore store, ITestOutputHelper output, (string Key, string Value)[] settings)
    {
        (_output, _store) = (output, store.Provider);
        Cluster = new SiloProcesses(store, _directory.Path, [("Deadline", Deadline.ToString()), .. settings]);
        Load = new OpenLoad(Cluster, Setting("ACCOUNTS", 60), Setting("RATE", 60), Deadline);
    }

    /// <summary>How often it happens.</summary>
    public static int Repeats => Setting("REPEATS", 1);

    /// <summary>True with the settings of production, in which a crash is found out later.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("ACCOUNTGRAINS_DRILL_SETTINGS") == "default";

    /// <summary>How silos find out that one is gone.</summary>
    public static (string Key, string Value)[] Detection => IsLong ? [] : [("Cluster:ProbeTimeout", "00:00:01"), ("Cluster:DirectoryLease", "00:00:00")];

    public SiloProcesses Cluster { get; }

    public OpenLoad Load { get; }

    // Much of the time of a small machine goes into starting silos in these tests, and none is to fail for that.
    private static TimeSpan Deadline => TimeSpan.FromMilliseconds(Setting("DEADLINE", 5_000));

    public static async Task<Drill> StartAsync(ClusterStore store, ITestOutputHelper output, params (string Key, string Value)[] settings)
    {
        var drill = new Drill(store, output, settings);
        await drill.Cluster.AddAsync();
        await Task.WhenAll(Enumerable.Range(1, Silos - 1).Select(_ => drill.Cluster.AddAsync()));
        return drill;
    }

    public static int Setting(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable($"ACCOUNTGRAINS_DRILL_{name}") ?? $"{otherwise}", CultureInfo.InvariantCulture);

    /// <summary>Lets load pass between what happens.</summary>
    public static Task PassAsync() => OpenLoad.PassAsync(Interval * (IsLong ? 5 : 2));

    /// <summary>Lets everybody come once and again before anything happens: a cluster that has never served compiles as it goes.</summary>
    public async Task WarmAsync()
    {
        await Load.RunAsync(PassAsync);
        Assert.Equal((0, 0), (Load.Failed, Load.Wrong));
        _output.WriteLine($"{_store}, the first answers of a new cluster: {Load.TakeReport()}");
    }

    /// <summary>Ends a silo with <c>kill -9</c>.</summary>
    public Task KillAsync(int index) => LoseAsync(index, silo => silo.KillAsync());

    /// <summary>Stops a silo where it stands; whoever goes on with its accounts meanwhile knows what it had stored.</summary>
    public Task FreezeAsync(int index) => LoseAsync(index, silo => silo.SignalAsync("STOP"));

    /// <summary>Prints what clients saw, and checks what the accounts know against it.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="again">How many requests of an account may count twice.</param>
    public async Task CheckAsync(string what, int again = 0)
    {
        long counted = 0, live = 0, missing = 0, allowed = 0;
        foreach (var view in Load.Innocent.Where(v => v.Sent > 0))
        {
            var shown = await Cluster.Any.GetJsonAsync($"/v1/accounts/{view.Account}");
            var requests = shown.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32());
            var loss = view.Live.Count(t => _lost.Any(l => t >= l.From && t <= l.Until));
            (counted, live, missing, allowed) = (counted + requests, live + view.Live.Count, missing + Math.Max(0, view.Live.Count - requests), allowed + loss);
            Assert.True(requests >= view.Live.Count - loss && requests <= view.Sent + again, $"{view.Account}: {requests} counted of {view.Sent} sent; answered live {Load.Told(view.Live)}; lost may be {string.Join(", ", _lost.Select(l => $"{Load.Told([l.From])} to {Load.Told([l.Until])}"))}. {Load.Course}");
            Assert.Equal("allow", shown.GetProperty("verdict").GetProperty("verdict").GetString());
        }

        foreach (var view in Load.Banned.Where(b => b.Blocked is not null)) await CheckBannedAsync(view);
        _output.WriteLine($"{_store}, {what}: {Load.Report}");
        _output.WriteLine($"{_store}, {what}: {live} answered live, {counted} counted, {missing} lost of at most {allowed}; {Load.Banned.Count(b => b.Blocked is not null)} bans shown as durable, all there");
        _output.WriteLine($"{_store}, {what}: {Load.Course}");
        Assert.Equal(0, Load.Wrong);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in Cluster.Complaints) _output.WriteLine(line);
        await Cluster.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>What a silo had not stored, by its own account, is gone with it.</summary>
    private async Task LoseAsync(int index, Func<SiloProcess, Task> lose)
    {
        var silo = Cluster.Serving[index];
        var scraped = Stopwatch.GetTimestamp();
        var age = await silo.MetricAsync("accountgrains_unflushed_age_seconds");
        await lose(silo);
        silo.IsLost = true;

        // What it answered may be under way to a client still.
        _lost.Add((scraped - (long)(age * Stopwatch.Frequency), Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 4)));
    }

    private async Task CheckBannedAsync(ClientView view)
    {
        var shown = await Cluster.Any.GetJsonAsync($"/v1/accounts/{view.Account}");
        Assert.Equal(view.Expected, shown.GetProperty("verdict").GetProperty("verdict").GetString());
        Assert.Contains(view.Blocked, shown.GetProperty("decisions").EnumerateArray().Select(d => d.GetProperty("decisionId").GetString()));
    }
}
