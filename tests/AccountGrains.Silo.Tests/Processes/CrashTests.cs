using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Accounts = 16;
    private const int AnswersOfACycle = 4000;
    private static readonly int Cycles = int.Parse(Environment.GetEnvironmentVariable("ACCOUNTGRAINS_KILL_CYCLES") ?? "2", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Kill_UnderLoad_LosesNoDurableDecisionAndNoMoreOfCountersThanTheMetricSays()
    {
        using var directory = new ScratchDirectory();
        var silo = await StartAsync(directory);
        try
        {
            for (var cycle = 1; cycle <= Cycles; cycle++)
            {
                var load = new Load(silo, $"crash-{cycle}", Accounts);
                long scraped = 0;
                double age = 0;
                await load.RunAsync(AnswersOfACycle, async () =>
                {
                    scraped = Stopwatch.GetTimestamp();
                    age = await silo.MetricAsync("accountgrains_unflushed_age_seconds");
                    await silo.KillAsync();
                });
                await silo.DisposeAsync();
                var started = Stopwatch.GetTimestamp();
                silo = await StartAsync(directory);
                var restart = Stopwatch.GetElapsedTime(started);
                await CheckAsync(silo, load, cycle, scraped, age, restart);
            }
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static Task<SiloProcess> StartAsync(ScratchDirectory directory) => SiloProcess.StartAsync(directory.Path, ("Flush:Interval", "00:00:00.400"));

    private async Task CheckAsync(SiloProcess silo, Load load, int cycle, long scraped, double age, TimeSpan restart)
    {
        var stored = scraped - (long)(age * Stopwatch.Frequency);
        int accepted = 0, counted = 0, decisions = 0, worst = 0;
        foreach (var (account, times) in load.Accepted)
        {
            var view = await ViewAsync(silo, account);
            var requests = Requests(view);
            var recorded = Ids(view);
            var safe = times.Count(t => t < stored);
            Assert.InRange(requests, safe, load.Sent[account]);
            foreach (var id in load.Durable[account].Where(id => id != load.Initial[account])) Assert.Contains(id, recorded);
            accepted += times.Count;
            counted += Math.Min(requests, times.Count);
            decisions += recorded.Count;
            worst = Math.Max(worst, times.Count - requests);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"cycle {cycle}: {accepted} accepted, {accepted - counted} lost (worst account {worst}), oldest unflushed {age:f3} s, {decisions} decisions kept, serving again after {restart.TotalSeconds:f1} s"));
    }

    private static async Task<JsonElement?> ViewAsync(SiloProcess silo, string account)
    {
        using var response = await silo.Http.GetAsync(new Uri($"/v1/accounts/{account}", UriKind.Relative), TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) : null;
    }

    private static int Requests(JsonElement? view) => view is not { } account ? 0 : account.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32());

    private static HashSet<string> Ids(JsonElement? view) => view is { } account && account.TryGetProperty("decisions", out var decisions)
        ? [.. decisions.EnumerateArray().Select(d => d.GetProperty("decisionId").GetString()!)]
        : [];
}
