using AccountGrains.Abstractions;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class RestartTests
{
    private static readonly GrainId Population = GrainId.Create(GrainType.Create("population"), GrainIdKeyExtensions.CreateIntegerKey(0));

    [Fact]
    public async Task Start_AfterACleanStop_FindsEverythingAsItWas()
    {
        using var directory = new ScratchDirectory();
        var inputs = Traffic.Mixed(6, 3 * Traffic.Hour).Inputs;
        AccountId[] accounts = [.. inputs.Select(i => i.Account).Distinct()];
        Left before;
        await using (var cluster = await StartAsync(directory))
        {
            await cluster.ReplayAsync(inputs);
            before = await LeftAsync(cluster, accounts);
        }

        await using var again = await StartAsync(directory);

        var after = await LeftAsync(again, accounts);
        Assert.Equal(before.Accounts, after.Accounts);
        Assert.Equal(before.Campaigns, after.Campaigns);
        Assert.Equal(before.Decisions, after.Decisions);
        Assert.Equal(before.Population, after.Population);
        var campaign = again.Services.GetRequiredService<SnapshotHolder>().Current.Campaigns.Single(c => c.Active);
        Assert.Contains(campaign.Id.ToString(), before.Campaigns.Keys);
        await RecogniseAsync(again, inputs.Last(i => i.Name.ToString().StartsWith("fleet", StringComparison.Ordinal)), campaign.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Start_AfterAStopInsideAnEpoch_KnowsWhatWasSaidInIt_AlsoWhenTheStoreWasSlow(int failures)
    {
        using var directory = new ScratchDirectory();
        var address = Traffic.Id(31, 31);
        string[] names = ["late-a", "late-b", "late-c"];
        await using (var cluster = await StartAsync(directory))
        {
            foreach (var name in names) await cluster.ObserveAsync(Traffic.Input(name, ObservationType.Request, Traffic.Start) with { Ip = address });
            cluster.Table.ReadGates["fingerprint"] = new Gate(new StoreBusyException(), failures);
        }

        await using var again = await StartAsync(directory);

        Assert.Equal(3, await again.Fingerprint(new Fingerprint(FingerprintKind.Ip, 1, address)).PopularityAsync());
    }

    [Fact]
    public async Task Start_WhenThePopulationAndTheIndexCannotBeRead_ServesAndStartsThemAnew()
    {
        using var directory = new ScratchDirectory();
        await using (var cluster = await StartAsync(directory))
        {
            await cluster.ReplayAsync(Traffic.Mixed(6, 3 * Traffic.Hour).Inputs);
            await cluster.BreakAsync(cluster.Index, "campaign-index");

            // The stop stores the population; it is broken below.
        }

        await using (var storage = new Storage.StorageHost("Sqlite", ("DataDirectory", directory.Path)))
        {
            var state = new GrainState<StoredRecord>();
            await storage.Storage.ReadStateAsync("population", Population, state);
            Assert.True(state.RecordExists);
            state.State = new StoredRecord { Payload = [255, 1] };
            await storage.Storage.WriteStateAsync("population", Population, state);
        }

        await using var again = await StartAsync(directory);

        var reply = await again.ObserveAsync(Traffic.Input("after-all", ObservationType.Request, Traffic.Start + (4 * Traffic.Hour)));
        await again.Epochs.CloseAsync(Traffic.Start + (4 * Traffic.Hour));
        Assert.Equal(Verdict.Allow, reply.Verdict);
        Assert.Empty(await again.Index.ListAsync());
    }

    private static Task<TrackerCluster> StartAsync(ScratchDirectory directory) => TrackerCluster.StartAsync(("Storage:Provider", "Sqlite"), ("DataDirectory", directory.Path));

    private static async Task<Left> LeftAsync(TrackerCluster cluster, AccountId[] accounts)
    {
        var stored = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var account in accounts)
        {
            // What an account tells its campaigns goes on with other numbers after each start.
            var state = (await cluster.StateAsync(account))!;
            foreach (var slot in state.Case?.Slots ?? []) slot.Told = 0;
            stored.Add(account.ToString(), Convert.ToHexString(state.Write()));
        }

        await cluster.Epochs.SaveAsync();
        var population = new GrainState<StoredRecord>();
        await cluster.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.State).ReadStateAsync("population", Population, population);
        return new Left(stored, await cluster.CampaignsAsync(), [.. (await cluster.DecisionsAsync()).Select(d => Convert.ToHexString(DecisionCodec.Write(d)))], Convert.ToHexString(population.State?.Payload ?? []));
    }

    private static async Task RecogniseAsync(TrackerCluster cluster, AccountInput member, CampaignId campaign)
    {
        var reply = await cluster.ObserveAsync(member with { Account = Traffic.AccountOf("newcomer"), Name = "newcomer", Request = 1, Sketch = Traffic.Prompt(500_000, new Random(1), 0), Time = member.Time + 1 });

        Assert.NotEqual(Verdict.Allow, reply.Verdict);
        Assert.Equal(campaign.Value, reply.Campaign);
    }

    private sealed record Left(SortedDictionary<string, string> Accounts, SortedDictionary<string, string> Campaigns, string[] Decisions, string Population);
}
