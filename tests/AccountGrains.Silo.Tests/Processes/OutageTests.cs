using System.Globalization;
using System.Text.Json;
using AccountGrains.Silo.Tests.Servers;
using StackExchange.Redis;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>The store stops under load, and comes back. With ACCOUNTGRAINS_OUTAGE_SECONDS=60 it is gone for a minute.</summary>
public sealed class OutageTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Active = 40;
    private const int Cold = 20;
    private const int MaxPerSecond = 200;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("ACCOUNTGRAINS_OUTAGE_SECONDS") ?? "6", CultureInfo.InvariantCulture));
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(Math.Max(4, Outage.TotalSeconds / 4));

    // One for each case: a case that fails while it is gone takes nothing from the next.
    private readonly RedisServer _redis = new();

    public ValueTask InitializeAsync() => _redis.InitializeAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Theory]
    [InlineData("STOP")]
    [InlineData("KILL")]
    public async Task Outage_UnderLoad_LeavesVerdictsAsTheyWere_AndNothingIsLost(string signal)
    {
        using var directory = new ScratchDirectory();
        await using var silo = await SiloProcess.StartAsync(
            directory.Path, ("Storage:Provider", "Redis"), ("Storage:ConnectionStrings:0", _redis.ConnectionString), ("Cluster:ServiceId", Guid.NewGuid().ToString("N")),
            ("Flush:Interval", "00:00:01"), ("Flush:MaxPerSecond", MaxPerSecond.ToString(CultureInfo.InvariantCulture)), ("Deadline", "00:00:01"), ("Keys:Current", "AAECAwQFBgcICQoLDA0ODw=="));
        using var load = new SteadyLoad(silo, TimeSpan.FromMilliseconds(200));
        string[] cold = [.. Enumerable.Range(0, Cold).Select(i => $"{signal}-cold-{i:d2}")];
        load.Add(Enumerable.Range(0, Active).Select(i => $"{signal}-active-{i:d2}"));
        await PassAsync(Phase);

        var before = load.Begin();
        await PassAsync(Phase);
        await BreakAsync(signal);
        var during = load.Begin();
        var banned = await BanAsync(silo, signal);
        await PassAsync(Outage / 2);
        var coldAnswers = await Task.WhenAll(cold.Select(a => silo.ObserveAsync(new { type = "request", account = a, requestId = "1" }, TestContext.Current.CancellationToken)));
        await PassAsync(Outage / 2);
        await MendAsync(signal);
        var after = load.Begin();
        var writes = await WritesPerSecondAsync(Phase);
        await load.StopAsync();
        await silo.StoredAsync();

        output.WriteLine($"before: {before}\nwhile it was gone: {during}\nafter: {after}\nstates and decisions written in the seconds after: {string.Join(' ', writes)}");
        Assert.True(during.LiveShare >= 0.9 * before.LiveShare, $"{during} against {before}");
        Assert.Equal(0, during.Failed + after.Failed);
        Assert.All(coldAnswers, a => Assert.Equal(("fallback", "allow", false), (Text(a!.Value, "state"), Text(a.Value, "verdict"), a.Value.GetProperty("durable").GetBoolean())));
        Assert.All(writes, w => Assert.InRange(w, 0, (int)(1.5 * MaxPerSecond)));
        await CheckAsync(silo, load, banned, cold);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>The length of a phase under load is what is measured; nothing is waited for.</summary>
    private static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string[]> BanAsync(SiloProcess silo, string signal)
    {
        string[] banned = [.. Enumerable.Range(0, 5).Select(i => $"{signal}-active-{i:d2}")];
        foreach (var account in banned)
        {
            var answer = await silo.ObserveAsync(new { type = "ban", account, reason = "fraud" }, TestContext.Current.CancellationToken);
            Assert.Equal(("live", "block", false), (Text(answer!.Value, "state"), Text(answer.Value, "verdict"), answer.Value.GetProperty("durable").GetBoolean()));
        }

        return banned;
    }

    private async Task BreakAsync(string signal)
    {
        if (signal == "KILL") await _redis.KillAsync();
        else _redis.Signal(signal);
    }

    private async Task MendAsync(string signal)
    {
        if (signal == "KILL") await _redis.StartAsync();
        else _redis.Signal("CONT");
    }

    /// <summary>How many scripts the server ran in each second: every state and every group of decisions is one.</summary>
    private async Task<int[]> WritesPerSecondAsync(TimeSpan time)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true");
        var server = connection.GetServers()[0];
        var counts = new List<long>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            var stats = (await server.InfoAsync("commandstats")).SelectMany(g => g).Where(p => p.Key is "cmdstat_eval" or "cmdstat_evalsha");
            counts.Add(stats.Sum(p => long.Parse(p.Value.Split('=', ',')[1], CultureInfo.InvariantCulture)));
        }
        while (counts.Count <= time.TotalSeconds && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken));
        return [.. counts.Zip(counts.Skip(1), (a, b) => (int)(b - a))];
    }

    private static async Task CheckAsync(SiloProcess silo, SteadyLoad load, string[] banned, string[] cold)
    {
        foreach (var account in banned)
        {
            var view = await silo.GetJsonAsync($"/v1/accounts/{account}");
            Assert.Equal("block", Text(view.GetProperty("decisions")[0], "verdict"));
            var answer = await silo.ObserveAsync(new { type = "request", account, requestId = "last" }, TestContext.Current.CancellationToken);
            Assert.Equal(("live", "block", true), (Text(answer!.Value, "state"), Text(answer.Value, "verdict"), answer.Value.GetProperty("durable").GetBoolean()));
        }

        foreach (var (account, sent) in load.Sent.Where(s => !banned.Contains(s.Key))) Assert.Equal(sent, Requests(await silo.GetJsonAsync($"/v1/accounts/{account}")));
        foreach (var account in cold) Assert.Equal(1, Requests(await silo.GetJsonAsync($"/v1/accounts/{account}")));
    }

    private static int Requests(JsonElement view) => view.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32());
}
