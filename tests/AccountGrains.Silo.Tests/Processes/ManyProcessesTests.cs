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
        await using (var alone = new SiloProcesses(new ClusterStore("Redis", server.ConnectionString), directory.Path, ("Epoch:Mode", "Manual")))
        {
            await alone.AddAsync();
            foreach (var (end, requests) in epochs) await alone.ReplayAsync(end, requests);
            expected = await FoundAsync(alone, accounts);
        }

        await using var silos = new SiloProcesses(new ClusterStore("Redis", server.ConnectionString), directory.Path, ("Epoch:Mode", "Manual"));
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
