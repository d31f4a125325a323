using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Epochs;

public sealed class EpochPipelineTests
{
    [Theory]
    [InlineData("ReportAsync", Fate.LostThere)]
    [InlineData("ReportAsync", Fate.LostBack)]
    [InlineData("PlaceAsync", Fate.LostThere)]
    [InlineData("PlaceAsync", Fate.LostBack)]
    [InlineData("CloseAsync", Fate.LostThere)]
    [InlineData("CloseAsync", Fate.LostBack)]
    [InlineData("TellAsync", Fate.LostThere)]
    [InlineData("TellAsync", Fate.LostBack)]
    [InlineData("PopularityAsync", Fate.LostBack)]
    public void Close_WhenOneKindOfMessageIsLostOnce_FoundsTheSameCampaign(string method, Fate fate)
    {
        var replay = new Replay(Cohort());
        var damaged = new Replay(Cohort(), new LossyHost(OnceEach(method, fate)));

        var expected = Assert.Single(replay.Engine.Campaigns.Values);
        var campaign = Assert.Single(damaged.Engine.Campaigns).Value;
        Assert.Equal(campaign.Id, damaged.Engine.Campaigns.Keys.Single());
        Assert.Equal(expected.MembersAfter(null).Select(m => m.Account), campaign.MembersAfter(null).Select(m => m.Account));
        Assert.All(campaign.MembersAfter(null), m => Assert.True(damaged.Engine.Accounts[m.Account].Case?.Find(campaign.Id)?.Member));
    }

    [Theory]
    [InlineData(Fate.LostThere)]
    [InlineData(Fate.LostBack)]
    public void Close_WhenEachThirdReportIsLost_TellsTheSameLinks(Fate fate)
    {
        var sent = 0;
        var replay = new Replay(Cohort());
        var damaged = new Replay(Cohort(), new LossyHost(name => name == "ReportAsync" && sent++ % 3 == 0 ? fate : Fate.Arrives));

        Assert.NotEmpty(LinksOf(replay));
        Assert.Equal(LinksOf(replay), LinksOf(damaged));
    }

    /// <summary>Who shares what.</summary>
    private static List<(AccountId, Fingerprint)> LinksOf(Replay replay) =>
        [.. replay.Engine.Accounts.Values.SelectMany(a => (a.Case?.Links ?? []).Select(l => (a.Id, l.Fingerprint))).OrderBy(l => l.Id).ThenBy(l => l.Fingerprint)];

    /// <summary>Twenty accounts that are complete at the end of one epoch, and strangers who make the epochs after it end.</summary>
    private static IEnumerable<AccountInput> Cohort()
    {
        var fleet = new Traffic(1) { Length = 50_000 }.Fleet(20, 6, 1, templates: 1).Inputs;
        var strangers = new Traffic(2) { Length = Traffic.Hour }.People(100, 1).Inputs;
        return fleet.Select(i => i with { Time = Traffic.Start + Traffic.Hour }).Concat(strangers.Select(i => i with { Time = i.Time - Traffic.Hour }))
            .Concat(strangers.Select(i => i with { Time = i.Time + (2 * Traffic.Hour) })).OrderBy(i => i.Time);
    }

    /// <summary>Every message of one kind is lost in the epoch in which the first of them is sent.</summary>
    private static Func<string, Fate> OnceEach(string method, Fate fate)
    {
        var sent = 0;
        return name =>
        {
            if (name != method || sent >= 20) return Fate.Arrives;
            sent += method is "TellAsync" or "PopularityAsync" ? 1 : 20;
            return fate;
        };
    }
}
