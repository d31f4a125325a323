namespace AccountGrains.Silo.Tests.Processes;

public sealed class StopTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Terminate_UnderLoad_LosesNothing()
    {
        using var directory = new ScratchDirectory();
        var silo = await StartAsync(directory);
        try
        {
            var accounts = await FeedAsync(silo);
            var before = await ViewsAsync(silo, accounts);
            var campaigns = await CampaignsAsync(silo);
            var load = new Load(silo, "load", 16, FleetTrace.Start.AddHours(3));
            var exit = -1;
            await load.RunAsync(1500, async () => exit = await silo.TerminateAsync());
            await silo.DisposeAsync();
            silo = await StartAsync(directory);

            Assert.Equal(0, exit);
            Assert.Contains(before.Values, view => view.Contains("\"verdict\":\"throttle\"", StringComparison.Ordinal));
            foreach (var (account, view) in await ViewsAsync(silo, accounts)) Assert.Equal(before[account], view);
            Assert.NotEmpty(campaigns);
            Assert.Equal(campaigns, await CampaignsAsync(silo));
            await CheckAsync(silo, load);
            await RecogniseAsync(silo);
        }
        catch
        {
            output.WriteLine(silo.Output);
            throw;
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static Task<SiloProcess> StartAsync(ScratchDirectory directory) => SiloProcess.StartAsync(directory.Path, ("Epoch:Mode", "Manual"), ("Deadline", "00:00:10"));

    /// <summary>A fleet among innocents; gives the names of all.</summary>
    private static async Task<string[]> FeedAsync(SiloProcess silo)
    {
        var epochs = FleetTrace.Epochs();
        foreach (var (end, requests) in epochs)
        {
            var answers = await silo.ObserveAsync(requests.Select(r => r.Observation));
            Assert.All(answers, answer => Assert.False(answer.TryGetProperty("error", out _)));
            await silo.CloseEpochAsync(end);
        }

        return [.. epochs.SelectMany(e => e.Requests).Select(r => r.Account).Distinct()];
    }

    private static async Task<SortedDictionary<string, string>> ViewsAsync(SiloProcess silo, IEnumerable<string> accounts)
    {
        var views = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var account in accounts) views.Add(account, await silo.GetAsync($"/v1/accounts/{account}"));
        return views;
    }

    private static async Task<SortedDictionary<string, string>> CampaignsAsync(SiloProcess silo)
    {
        var campaigns = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in (await silo.GetJsonAsync("/v1/campaigns")).GetProperty("items").EnumerateArray())
        {
            var id = item.GetProperty("id").GetString()!;
            campaigns.Add(id, await silo.GetAsync($"/v1/campaigns/{id}"));
            campaigns.Add($"{id} members", await silo.GetAsync($"/v1/campaigns/{id}/members"));
        }

        return campaigns;
    }

    private async Task CheckAsync(SiloProcess silo, Load load)
    {
        int accepted = 0, sent = 0, counted = 0;
        foreach (var (account, times) in load.Accepted)
        {
            var view = await silo.GetJsonAsync($"/v1/accounts/{account}");
            var requests = view.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32());
            Assert.InRange(requests, times.Count, load.Sent[account]);
            HashSet<string> recorded = view.TryGetProperty("decisions", out var decisions) ? [.. decisions.EnumerateArray().Select(d => d.GetProperty("decisionId").GetString()!)] : [];
            Assert.Superset(load.Durable[account].Except([load.Initial[account]]).ToHashSet(), recorded);
            accepted += times.Count;
            sent += load.Sent[account];
            counted += requests;
        }

        output.WriteLine($"{sent} sent, {accepted} accepted, {counted} counted");
    }

    /// <summary>A new account with a card and the template of the known campaign is recognised at its first request.</summary>
    private static async Task RecogniseAsync(SiloProcess silo)
    {
        var answer = await silo.ObserveAsync(FleetTrace.Request("fleet-99", FleetTrace.Start.AddHours(3), new Random(2)), TestContext.Current.CancellationToken);

        Assert.True(answer!.Value.GetProperty("verdict").GetString() is "challenge" or "throttle", answer.Value.ToString());
    }
}
