using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class EngineEqualityTests
{
    [Fact]
    public async Task Replay_ThroughGrainsAndThroughTheEngine_DecidesTheSameAndLeavesTheSameBytes()
    {
        var inputs = Traffic.Mixed(6, 3 * Traffic.Hour).Inputs;
        var engine = new Engine(Policy.Default, firstSeenCapacity: 1 << 16);
        List<Decision> expected = [];
        foreach (var input in inputs) engine.Observe(input, expected);
        engine.Close(expected);
        await using var cluster = await TrackerCluster.StartAsync();

        await cluster.ReplayAsync(inputs);

        Assert.Contains(engine.Campaigns.Values, c => c.Status == CampaignStatus.Active);
        Assert.Contains(expected, d => d.Verdict == Verdict.Throttle);
        Assert.Equal(Sorted(expected), Sorted(await cluster.DecisionsAsync()));
        Assert.Equal(
            engine.Campaigns.ToDictionary(c => c.Key.ToString(), c => Convert.ToHexString(CampaignCodec.Write(c.Value))),
            (await cluster.CampaignsAsync()).ToDictionary());
        foreach (var account in engine.Accounts.Values) Assert.Equal(account.Write(), (await cluster.Account(account.Id).GetAsync()).Payload);
    }

    private static string[] Sorted(IEnumerable<Decision> decisions) => [.. decisions.Select(d => Convert.ToHexString(DecisionCodec.Write(d))).Order(StringComparer.Ordinal)];
}
