using System.Text.Json;
using AccountGrains.Silo.Tests.Servers;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>
/// Recorded traffic through silo processes over one store, of which there are 1, 2, 4 and 2 meanwhile, against the same through one. ACCOUNTGRAINS_TRACE names a file of
/// observations that is replayed in the place of the small trace; silos then come and go while it runs on.
/// </summary>
public sealed class ManyProcessesTests(RedisServer server, ITestOutputHelper output) : IClassFixture<RedisServer>
{
    private static readonly string? Trace = Environment.GetEnvironmentVariable("ACCOUNTGRAINS_TRACE");

    [Fact]
    public async Task Replay_WhileSilosComeAndGo_EndsAsWithOneSilo()
    {
        using var directory = new ScratchDirectory();
        var accounts = new HashSet<string>();
        var count = 0;
        SortedDictionary<string, string> expected;
        await using (var alone = await StartAsync(directory))
        {
            foreach (var (end, requests) in Epochs())
            {
                await alone.ReplayAsync(end, requests);
                accounts.UnionWith(requests.Select(r => r.Account));
                count++;
            }

            expected = await FoundAsync(alone, accounts);
        }

        await using var silos = await StartAsync(directory);
        try
        {
            await ReplayAsync(silos, count);
        }
        catch
        {
            foreach (var line in silos.Complaints) output.WriteLine(line);
            throw;
        }

        var found = await FoundAsync(silos, accounts);

        var different = accounts.Where(a => expected[a] != found[a]).ToList();
        output.WriteLine($"{accounts.Count} accounts in {count} epochs, {expected.Values.Count(IsRestricted)} restricted and {expected.Keys.Count(k => !accounts.Contains(k))} campaigns with one silo; {different.Count} accounts end differently");
        foreach (var account in different) output.WriteLine($"{account}: {expected[account]} with one silo, {found[account]} with several");
        Assert.Contains(expected.Values, IsRestricted);
        Assert.DoesNotContain(different, a => IsRestricted(found[a]) && !IsRestricted(expected[a]));
        if (Trace is null) Assert.Equal(expected, found);
        else Assert.InRange(different.Count, 0, accounts.Count / 1000);
    }

    private static IEnumerable<(DateTimeOffset End, (string Account, object Observation)[] Requests)> Epochs() => Trace is { } file ? TraceFile.Epochs(file) : FleetTrace.Epochs();

    private static bool IsRestricted(string found) => found.StartsWith("throttle", StringComparison.Ordinal) || found.StartsWith("block", StringComparison.Ordinal);

    private async Task<SiloProcesses> StartAsync(ScratchDirectory directory)
    {
        var silos = new SiloProcesses(new ClusterStore("Redis", server.ConnectionString), directory.Path, ("Epoch:Mode", "Manual"), ("Deadline", "00:00:30"));
        await silos.AddAsync();
        return silos;
    }

    /// <summary>Replays in quarters: with one silo, two, four and two.</summary>
    private async Task ReplayAsync(SiloProcesses silos, int count)
    {
        var changes = new List<Task>();
        var at = 0;
        foreach (var (end, requests) in Epochs())
        {
            var change = ChangeAsync(silos, at++, count / 4);
            if (Trace is null) await change;
            else changes.Add(change);
            await silos.ReplayAsync(end, requests);
        }

        await Task.WhenAll(changes);
    }

    private async Task ChangeAsync(SiloProcesses silos, int at, int quarter)
    {
        if (at == quarter) await silos.AddAsync();
        if (at == 2 * quarter) await Task.WhenAll(silos.AddAsync(), silos.AddAsync());
        if (at != 3 * quarter) return;
        output.WriteLine(await silos.MessagesAsync());
        Assert.Equal(0, await silos.StopAsync(0));
        Assert.Equal(0, await silos.StopAsync(1));
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
