using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class FaultTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Replay_WithATenthOfAllCorrelationCallsLost_FindsTheSameTwoRefreshesLater(int seed)
    {
        var inputs = Traffic.Mixed(7, 24 * Traffic.Hour).Inputs;
        var engine = Replayed(inputs);
        await using var cluster = await TrackerCluster.StartAsync();
        var random = new Random(seed);
        var lost = 0;
        cluster.Calls.FateOf = call =>
        {
            if (call.MethodName is "ObserveAsync" or "FlushAsync" or "GetAsync" or "ListAsync" || call.TargetId.Type.ToString() == "epoch") return Fate.Arrives;
            lock (random)
            {
                if (random.NextDouble() >= 0.1) return Fate.Arrives;
                lost++;
                return random.Next(2) == 0 ? Fate.LostThere : Fate.LostBack;
            }
        };

        await cluster.ReplayAsync(inputs);

        output.WriteLine($"{lost} calls lost");
        Assert.True(lost > 100);
        Assert.Equal(Groups(engine.Campaigns.Values), Groups((await cluster.CampaignsAsync()).Values.Select(c => CampaignCodec.Read(Convert.FromHexString(c)))));
        foreach (var account in engine.Accounts.Values) Assert.Equal((account.Name, account.Verdict), (account.Name, (await cluster.StateAsync(account.Id))!.Verdict));
    }

    [Theory]
    [InlineData("campaign")]
    [InlineData("campaign-index")]
    [InlineData("population")]
    public async Task Close_WhenTheStoreFailsInside_LosesNothingAndTheNextEpochsWork(string grainType)
    {
        var inputs = Cohort().ToArray();
        var engine = Replayed(inputs);
        await using var cluster = await TrackerCluster.StartAsync();
        var fleet = inputs.Where(i => i.Name.ToString().StartsWith("fleet", StringComparison.Ordinal)).Max(i => i.Time);

        await cluster.ReplayAsync(inputs.Where(i => i.Time < Traffic.Start + Traffic.Hour));
        cluster.Table.Gates[grainType] = new Gate(new IOException("The disk is gone."));
        try
        {
            await cluster.ReplayAsync(inputs.Where(i => i.Time >= Traffic.Start + Traffic.Hour && i.Time <= fleet));
        }
        catch (IOException)
        {
            // What ended the epoch is told to who asked for it; the next one makes good for it.
        }

        cluster.Table.Gates.Clear();
        await cluster.ReplayAsync(inputs.Where(i => i.Time > fleet));

        var expected = Assert.Single(engine.Campaigns.Values);
        var campaign = CampaignCodec.Read(Convert.FromHexString(Assert.Single(await cluster.CampaignsAsync()).Value));
        Assert.Equal(expected.MembersAfter(null).Select(m => (m.Account, m.Requests)), campaign.MembersAfter(null).Select(m => (m.Account, m.Requests)));
        Assert.Equal(expected.Taken.Before, campaign.Taken.Before);
        Assert.Equal(expected.Taken.Rows, campaign.Taken.Rows);
        foreach (var member in campaign.MembersAfter(null)) Assert.True((await cluster.StateAsync(member.Account))!.Case?.Slots.Single().Member);
    }

    [Fact]
    public async Task Close_WhenACampaignsStoreFailsLater_CountsWhatWasTakenOnce()
    {
        var inputs = Traffic.Mixed(6, 3 * Traffic.Hour).Inputs;
        var engine = Replayed(inputs);
        await using var cluster = await TrackerCluster.StartAsync();
        var epochs = 0;

        foreach (var epoch in inputs.GroupBy(i => Epoch.Of(i.Time, 60_000)))
        {
            if (++epochs % 3 == 0) cluster.Table.Gates["campaign"] = new Gate(new IOException("The disk is gone."));
            else cluster.Table.Gates.Clear();
            await cluster.ReplayAsync(epoch);
        }

        cluster.Table.Gates.Clear();
        await cluster.Epochs.CloseAsync(Traffic.Start + (4 * Traffic.Hour));
        var expected = engine.Campaigns.Values.Single(c => c.Status == CampaignStatus.Active);
        var campaign = CampaignCodec.Read(Convert.FromHexString((await cluster.CampaignsAsync())[expected.Id.ToString()]));
        var fleet = inputs.Count(i => i.Type == ObservationType.Request && campaign.MembersAfter(null).Any(m => m.Account == i.Account));
        Assert.Equal(expected.MemberCount, campaign.MemberCount);
        Assert.InRange(campaign.Taken.Before.Requests + campaign.Taken.Rows.Sum(r => r.Requests), 1, fleet);
    }

    [Fact]
    public async Task Close_ForACampaignThatIsGone_LetsItsMembersGoAndKeepsNothing()
    {
        var inputs = Traffic.Mixed(6, 3 * Traffic.Hour).Inputs;
        await using var cluster = await TrackerCluster.StartAsync();
        await cluster.ReplayAsync(inputs);
        var id = (await cluster.CampaignsAsync()).Keys.First();
        var campaign = cluster.Campaign(CampaignId.TryParse(id, out var parsed) ? parsed : default);
        var member = CampaignCodec.Read((await campaign.GetAsync()).Payload).MembersAfter(null).First();
        await cluster.Flush.FlushAllAsync();
        await cluster.BreakAsync(campaign, "campaign");

        for (ulong i = 1; i <= 3; i++)
        {
            await cluster.ObserveAsync(Traffic.Input(member.Name, ObservationType.Request, Traffic.Start + (4 * Traffic.Hour)) with { Request = i, Sketch = Traffic.Prompt(500_000, new Random(1), 0) });
            await cluster.Epochs.CloseAsync(Traffic.Start + (4 * Traffic.Hour) + (long)(i * 60_000));
        }

        var resent = cluster.Epochs.Counts.Resent;
        await cluster.Epochs.CloseAsync(Traffic.Start + (5 * Traffic.Hour));
        Assert.Equal(resent, cluster.Epochs.Counts.Resent);
        Assert.DoesNotContain((await cluster.StateAsync(member.Account))!.Case?.Slots ?? [], slot => slot.Campaign == parsed);
    }

    /// <summary>Twenty accounts that are complete at the end of one epoch, and strangers who make the epochs after it end.</summary>
    private static IEnumerable<AccountInput> Cohort()
    {
        var fleet = new Traffic(1) { Length = 50_000 }.Fleet(20, 6, 1, templates: 1).Inputs;
        var strangers = new Traffic(2) { Length = Traffic.Hour }.People(100, 1).Inputs;
        return fleet.Select(i => i with { Time = i.Time + Traffic.Hour }).Concat(strangers.Select(i => i with { Time = i.Time - Traffic.Hour }))
            .Concat(strangers.Select(i => i with { Time = i.Time + (2 * Traffic.Hour), Request = i.Request + 1 })).OrderBy(i => i.Time);
    }

    private static Engine Replayed(IEnumerable<AccountInput> inputs)
    {
        var engine = new Engine(Policy.Default, firstSeenCapacity: 1 << 16);
        List<Decision> decisions = [];
        foreach (var input in inputs) engine.Observe(input, decisions);
        engine.Close(decisions);
        return engine;
    }

    private static string[] Groups(IEnumerable<Campaign> campaigns) => [.. campaigns
        .Where(c => c.Status == CampaignStatus.Active)
        .Select(c => string.Join(' ', c.MembersAfter(null).Select(m => m.Account)))
        .Order(StringComparer.Ordinal)];
}
