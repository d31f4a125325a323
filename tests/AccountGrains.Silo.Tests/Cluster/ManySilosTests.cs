using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Correlation;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class ManySilosTests
{
    private static readonly AccountInput[] Inputs = [.. Traffic.Mixed(6, 3 * Traffic.Hour).Inputs];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Replay_ThroughSeveralSilos_DecidesAsTheEngineAndLeavesTheSameBytes(short silos)
    {
        await using var cluster = await TrackerCluster.StartAsync(silos);

        await cluster.ReplayAsync(Inputs);

        var shards = cluster.Silos.Select(s => s.GetRequiredService<EpochService>().FirstSeen.Numbers).ToList();
        Assert.All(shards, s => Assert.InRange(s.Length, Shard.Count / silos, (Shard.Count / silos) + 1));
        Assert.Equal(Enumerable.Range(0, Shard.Count), shards.SelectMany(s => s).Order());
        await RequireSameAsync(cluster);
    }

    [Fact]
    public async Task Replay_OfMoreThanOneDeliveryInAnEpoch_LeavesTheSameBytes()
    {
        await using var cluster = await TrackerCluster.StartAsync(2);
        AccountInput[] inputs = [.. Traffic.Mixed(9, Traffic.Hour).Inputs.Select((input, i) => input with { Time = Traffic.Start + i })];

        await cluster.ReplayAsync(inputs);

        Assert.Single(inputs.GroupBy(i => Epoch.Of(i.Time, 60_000)));
        Assert.InRange(inputs.Length, 2_000, 50_000);
        await RequireSameAsync(cluster, inputs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Replay_WhileSilosComeAndGo_DecidesAsTheEngineAndLeavesTheSameBytes(int stopped)
    {
        await using var cluster = await TrackerCluster.StartAsync(1);
        var number = 0;

        foreach (var epoch in Inputs.GroupBy(i => Epoch.Of(i.Time, 60_000)))
        {
            // Each change comes inside an epoch: what was observed before it and not delivered goes on to the silos that stay.
            var half = epoch.Count() / 2;
            foreach (var input in epoch.Take(half)) await cluster.ObserveAsync(input);
            if (++number is 40 or 80) await cluster.AddSiloAsync();
            if (number == 120) await cluster.StopSiloAsync(stopped);
            await cluster.ReplayAsync(epoch.Skip(half));
        }

        Assert.Equal(2, cluster.Silos.Count);
        await RequireSameAsync(cluster);
    }

    [Fact]
    public async Task Accounts_AreLoadedWhereTheyAreCalled_AndThoseThatAreToldWhileTheyAreNowhereOnAllSilos()
    {
        await using var cluster = await TrackerCluster.StartAsync(2);
        AccountId[] called = [.. Enumerable.Range(0, 20).Select(i => Traffic.AccountOf($"called-{i}"))];
        AccountId[] told = [.. Enumerable.Range(0, 64).Select(i => Traffic.AccountOf($"told-{i}"))];
        var last = cluster.Silos[1];

        foreach (var account in called)
        {
            var grain = last.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(account.ToString());
            await grain.ObserveAsync(new Message<Observation>(new Observation(Inputs[0] with { Account = account })));
        }

        var where = Where(called);
        var replies = await cluster.Services.GetRequiredService<AccountTeller>().TellAsync([.. told.Select(a => new AccountCall(a, [], [], 1))]);

        Assert.Equal([0, called.Length], where);
        Assert.Equal(told.Length, replies.Count(r => r is not null));
        Assert.Equal(told.Length, Where(told).Sum());
        Assert.All(Where(told), count => Assert.InRange(count, told.Length / 4, told.Length * 3 / 4));

        int[] Where(AccountId[] accounts) => [.. cluster.Silos.Select(s => accounts.Count(a => s.GetRequiredService<LocalAccounts>().Find(a) is not null))];
    }

    private static async Task RequireSameAsync(TrackerCluster cluster)
    {
        var (engine, decisions) = await RequireSameAsync(cluster, Inputs);
        Assert.Contains(engine.Campaigns.Values, c => c.Status == CampaignStatus.Active);
        Assert.Contains(decisions, d => d.Verdict == Verdict.Throttle);
    }

    private static async Task<(Engine Engine, List<Decision> Decisions)> RequireSameAsync(TrackerCluster cluster, AccountInput[] inputs)
    {
        var engine = new Engine(Policy.Default, firstSeenCapacity: 1 << 16);
        List<Decision> expected = [];
        foreach (var input in inputs) engine.Observe(input, expected);
        engine.Close(expected);
        Assert.Equal(Sorted(expected), Sorted(await cluster.DecisionsAsync()));
        Assert.Equal(
            engine.Campaigns.ToDictionary(c => c.Key.ToString(), c => Convert.ToHexString(CampaignCodec.Write(c.Value))),
            (await cluster.CampaignsAsync()).ToDictionary());
        foreach (var account in engine.Accounts.Values) Assert.Equal(account.Write(), (await cluster.Account(account.Id).GetAsync()).Payload);
        foreach (var fingerprint in engine.Fingerprints.Values) Assert.Equal(BytesOf(fingerprint), (await cluster.Fingerprint(fingerprint.Fingerprint).GetAsync()).Payload);
        return (engine, expected);
    }

    private static byte[] BytesOf(FingerprintState fingerprint)
    {
        var writer = new StateWriter();
        fingerprint.Write(writer);
        return writer.ToArray();
    }

    private static string[] Sorted(IEnumerable<Decision> decisions) => [.. decisions.Select(d => Convert.ToHexString(DecisionCodec.Write(d))).Order(StringComparer.Ordinal)];
}
