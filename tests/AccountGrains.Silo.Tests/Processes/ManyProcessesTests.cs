using System.Text.Json;
using AccountGrains.Silo.Tests.Servers;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Several silo processes over one store.</summary>
public sealed class ManyProcessesTests(RedisServer server, ITestOutputHelper output) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Replay_WhileSilosComeAndGo_EndsAsWithOneSilo()
    {
        using var directory = new ScratchDirectory();
        var epochs = FleetTrace.Epochs();
        string[] accounts = [.. epochs.SelectMany(e => e.Requests).Select(r => r.Account).Distinct()];
        SortedDictionary<string, string> expected;
        await using (var alone = new SiloProcesses(server.ConnectionString, directory.Path, ("Epoch:Mode", "Manual")))
        {
            await alone.AddAsync();
            foreach (var (end, requests) in epochs) await alone.ReplayAsync(end, requests);
            expected = await FoundAsync(alone, accounts);
        }

        await using var silos = new SiloProcesses(server.ConnectionString, directory.Path, ("Epoch:Mode", "Manual"));
        await silos.AddAsync();
        for (var i = 0; i < epochs.Count; i++)
        {
            if (i == 4) await silos.AddAsync();
            if (i == 8) await Task.WhenAll(silos.AddAsync(), silos.AddAsync());
            if (i == 12) Assert.Equal(0, await silos.StopAsync(0));
            if (i == 14) Assert.Equal(0, await silos.StopAsync(1));
            await silos.ReplayAsync(epochs[i].End, epochs[i].Requests);
        }

        var found = await FoundAsync(silos, accounts);
        output.WriteLine($"{accounts.Length} accounts, {found.Values.Count(v => v.StartsWith("throttle", StringComparison.Ordinal))} throttled");
        Assert.Contains(expected.Values, v => v.StartsWith("throttle", StringComparison.Ordinal));
        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Stop_OfOneAfterTheOther_LosesNoCounterAndNoDecision()
    {
        using var directory = new ScratchDirectory();
        await using var silos = new SiloProcesses(server.ConnectionString, directory.Path, ("Flush:Interval", "01:00:00"), ("Deadline", "00:00:10"));
        await Task.WhenAll(silos.AddAsync(), silos.AddAsync(), silos.AddAsync());
        using var load = new ClusterLoad(silos, 24);

        await load.RunAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await load.AnswersAsync(300);
                Assert.Equal(0, await silos.StopAsync(0));
                await load.AnswersAsync(300);
                await silos.AddAsync();
            }
        });

        output.WriteLine(load.Report);
        foreach (var line in silos.Complaints) output.WriteLine(line);
        Assert.Equal((0, 0), (load.Failed, load.Fallback));
        await load.CheckAsync(least: account => load.Accepted[account]);
    }

    [Fact]
    public async Task Freeze_OfOne_LosesToWhoeverWentOnMeanwhile()
    {
        using var directory = new ScratchDirectory();
        await using var silos = new SiloProcesses(
            server.ConnectionString, directory.Path, ("Flush:Interval", "00:00:01"), ("Deadline", "00:00:30"), ("Cluster:ProbeTimeout", "00:00:01"), ("Cluster:DirectoryLease", "00:00:00"));
        await Task.WhenAll(silos.AddAsync(), silos.AddAsync(), silos.AddAsync());
        using var load = new ClusterLoad(silos, 24);

        await load.RunAsync(async () =>
        {
            await load.AnswersAsync(600);
            var frozen = silos.TakeOut(2);
            await frozen.SignalAsync("STOP");
            await silos.ForgottenAsync(frozen);
            await load.AnswersAsync(600);
            await frozen.SignalAsync("CONT");
            await frozen.EndedAsync();
            await load.AnswersAsync(300);
            await frozen.DisposeAsync();
        });

        output.WriteLine(load.Report);
        foreach (var line in silos.Complaints) output.WriteLine(line);
        await load.CheckAsync(least: _ => 0, again: 1);
        Assert.Equal(0, load.Restricted);
    }

    [Fact]
    public async Task Stop_OfAllAtOnce_LosesNoCounter()
    {
        using var directory = new ScratchDirectory();
        await using var silos = new SiloProcesses(server.ConnectionString, directory.Path, ("Flush:Interval", "01:00:00"), ("Deadline", "00:00:10"));
        await Task.WhenAll(silos.AddAsync(), silos.AddAsync(), silos.AddAsync());
        using var load = new ClusterLoad(silos, 24);
        await load.RunAsync(() => load.AnswersAsync(600));

        var stopped = await silos.StopAllAsync();
        await silos.AddAsync();

        output.WriteLine(load.Report);
        Assert.All(stopped, exit => Assert.Equal(0, exit));
        await load.CheckAsync(least: account => load.Accepted[account]);
    }

    [Fact]
    public async Task Kill_OfOne_LosesNoDecisionThatWasShownAsDurable()
    {
        using var directory = new ScratchDirectory();
        await using var silos = new SiloProcesses(
            server.ConnectionString, directory.Path, ("Flush:Interval", "00:00:01"), ("Deadline", "00:00:30"), ("Cluster:ProbeTimeout", "00:00:01"), ("Cluster:DirectoryLease", "00:00:00"));
        await Task.WhenAll(silos.AddAsync(), silos.AddAsync(), silos.AddAsync());
        using var load = new ClusterLoad(silos, 24);
        var banned = new Dictionary<string, string>();

        await load.RunAsync(async () =>
        {
            await load.AnswersAsync(300);
            for (var i = 0; i < 30; i++) banned.Add($"banned-{i:d2}", await BannedAsync(silos, $"banned-{i:d2}"));
            await using var killed = silos.TakeOut(1);
            await killed.KillAsync();
            await silos.ForgottenAsync(killed);
            await load.AnswersAsync(600);
        });

        output.WriteLine(load.Report);
        foreach (var (account, decision) in banned)
        {
            var verdict = (await silos.Any.GetJsonAsync($"/v1/accounts/{account}")).GetProperty("verdict");
            Assert.Equal(("block", decision), (Text(verdict, "verdict"), Text(verdict, "decisionId")));
        }

        await load.CheckAsync(least: _ => 0);
        Assert.Equal(0, load.Restricted);
    }

    /// <summary>Bans an account and asks until that is shown as durable.</summary>
    private static async Task<string> BannedAsync(SiloProcesses silos, string account)
    {
        await silos.Any.ObserveAsync(new { type = "ban", account, reason = "fraud" }, TestContext.Current.CancellationToken);
        while (true)
        {
            var answer = await silos.Any.ObserveAsync(new { type = "request", account }, TestContext.Current.CancellationToken);
            if (answer is { } given && given.GetProperty("durable").GetBoolean()) return Text(given, "decisionId");
        }
    }

    /// <summary>Each account's verdict and campaign, and the members of each campaign, as any silo shows them.</summary>
    private static async Task<SortedDictionary<string, string>> FoundAsync(SiloProcesses silos, IEnumerable<string> accounts)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var account in accounts)
        {
            var view = await silos.Any.GetJsonAsync($"/v1/accounts/{account}");
            var verdict = view.GetProperty("verdict");
            found.Add(account, $"{Text(verdict, "verdict")} {Text(verdict, "campaign")}");
        }

        foreach (var item in (await silos.Any.GetJsonAsync("/v1/campaigns")).GetProperty("items").EnumerateArray())
        {
            var id = item.GetProperty("id").GetString()!;
            found.Add(id, await silos.Any.GetAsync($"/v1/campaigns/{id}/members?limit=200"));
        }

        return found;
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
