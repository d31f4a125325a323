using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class CampaignPagesTests
{
    private static readonly CampaignId Id = new(4711);
    private static readonly PopulationView People = new(10_000, 100);

    [Theory]
    [InlineData(100, 0)]
    [InlineData(129, 2)]
    [InlineData(600, 8)]
    public async Task Close_OfACampaignOfAnySize_IsThereWhenItIsLoadedAgain(int members, int pages)
    {
        await using var cluster = await TrackerCluster.StartAsync();
        var campaign = cluster.Campaign(Id);
        await JoinAsync(cluster, 0, members);
        var before = await campaign.GetAsync();

        await cluster.DeactivateAsync(campaign);
        var after = await campaign.GetAsync();

        Assert.Equal(members, CampaignCodec.Read(after.Payload).MemberCount);
        Assert.Equal(before.Payload, after.Payload);
        Assert.Equal(pages, cluster.Table.Written.Keys.Count(k => k.StateName.StartsWith("members-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Close_WithOneMemberMore_WritesItsPageAndTheHeadAlone()
    {
        await using var cluster = await TrackerCluster.StartAsync();
        await JoinAsync(cluster, 0, 600);
        cluster.Table.Written.Clear();

        await JoinAsync(cluster, 600, 1);

        Assert.Equal(2, cluster.Table.Written.Count);
        Assert.Single(cluster.Table.Written, w => w.Key.StateName == "campaign");
    }

    [Fact]
    public async Task Close_ThatBreaksOffBeforeTheHead_LeavesTheCampaignAsItWas()
    {
        await using var cluster = await TrackerCluster.StartAsync();
        var campaign = cluster.Campaign(Id);
        await JoinAsync(cluster, 0, 300);
        cluster.Table.Gates["campaign/campaign"] = new Gate(new IOException("The disk is gone."));
        await Assert.ThrowsAnyAsync<OrleansException>(() => JoinAsync(cluster, 300, 5));
        await cluster.DeactivateAsync(campaign);

        cluster.Table.Gates.Clear();
        var stored = CampaignCodec.Read((await campaign.GetAsync()).Payload);
        await JoinAsync(cluster, 300, 5);
        await cluster.DeactivateAsync(campaign);

        Assert.Equal(300, stored.MemberCount);
        Assert.Equal(305, CampaignCodec.Read((await campaign.GetAsync()).Payload).MemberCount);
    }

    [Fact]
    public async Task Dissolve_OfALargeCampaign_TakesItsPagesAway()
    {
        await using var cluster = await TrackerCluster.StartAsync();
        var campaign = cluster.Campaign(Id);
        await JoinAsync(cluster, 0, 300);
        cluster.Table.Deleted.Clear();

        await campaign.DissolveAsync();
        await cluster.DeactivateAsync(campaign);

        Assert.Equal(0, CampaignCodec.Read((await campaign.GetAsync()).Payload).MemberCount);
        Assert.Equal(8, cluster.Table.Deleted.Count);
    }

    private static async Task JoinAsync(TrackerCluster cluster, int from, int count)
    {
        Sighting[] joins = [.. Enumerable.Range(from, count)
            .Select(i => Sighting.Of(Traffic.Input($"paged-{i}", Core.Door.ObservationType.Request, Traffic.Start + i) with { Ip = Traffic.Id(8, 1) }, 0, 0, 0))
            .OrderBy(s => s.Account)];
        var founding = new Proposal(new Core.Fingerprint(Core.FingerprintKind.Ip, 1, Traffic.Id(8, 1)), joins, 30);
        await cluster.Campaign(Id).CloseAsync(new Message<CampaignCall>(new CampaignCall(Id, founding, new CampaignInput(Traffic.Start + 1000, joins, []), People)));
    }
}
