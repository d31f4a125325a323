using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Accounts;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class CampaignIndexTests
{
    [Fact]
    public void Place_OfACohortNobodyKnows_FoundsACampaign()
    {
        var index = new CampaignIndex();

        var placement = Assert.Single(index.Place([Proposal(0, 6)], 1000));

        Assert.NotNull(placement.Founding);
        Assert.Equal(6, placement.Joins.Count);
        Assert.Equal([placement.Campaign], index.CampaignsOf(placement.Joins[0].Account));
    }

    [Fact]
    public void Place_OfACohortOfThree_FoundsNone() => Assert.Empty(new CampaignIndex().Place([Proposal(0, 3)], 1000));

    [Fact]
    public void Place_OfACohortThatACampaignHoldsAThirdOf_JoinsIt()
    {
        var index = new CampaignIndex();
        var first = index.Place([Proposal(0, 6)], 1000)[0];
        index.Update(Cases.Signature(first.Campaign, members: 6));

        var second = Assert.Single(index.Place([Proposal(4, 6)], 2000));

        Assert.Equal(first.Campaign, second.Campaign);
        Assert.Null(second.Founding);
        Assert.Equal(4, second.Joins.Count);
    }

    [Fact]
    public void Place_OfACohortWhosePlaceWasNeverHeardOf_FoundsTheSameCampaignAgain()
    {
        var index = new CampaignIndex();
        var lost = index.Place([Proposal(0, 6)], 1000)[0];

        var again = Assert.Single(index.Place([Proposal(0, 6)], 2000));

        Assert.Equal(lost.Campaign, again.Campaign);
        Assert.NotNull(again.Founding);
        Assert.Equal(lost.Joins.Select(j => j.Account), again.Joins.Select(j => j.Account));
    }

    [Fact]
    public void Place_OfACohortWithACampaignsPhrases_JoinsIt()
    {
        var index = new CampaignIndex();
        index.Restore(Cases.First, 1, 1, [], Cases.Signature(Cases.First, entries: Phrases(Sightings.Of(0))));

        var placement = Assert.Single(index.Place([Proposal(0, 6)], 2000));

        Assert.Equal(Cases.First, placement.Campaign);
        Assert.Null(placement.Founding);
    }

    [Fact]
    public void Update_OfTwoCampaignsWithTheSameMembers_MergesTheYounger()
    {
        var index = Pair(0, 12, 4, 12);

        var merger = Assert.Single(index.Update([Outcome(Cases.Second)], 9, Policy.Default));

        Assert.Equal(new Merger(Cases.Second, Cases.First), merger);
        Assert.Equal([Cases.First], index.Campaigns.Keys);
        Assert.Equal(16, index.Campaigns[Cases.First].Members.Count);
        Assert.Equal([Cases.First], index.CampaignsOf(Sightings.Of(15).Account));
    }

    [Fact]
    public void Update_OfTwoCampaignsWithTheSamePhrases_MergesTheYounger()
    {
        var entries = Phrases(Sightings.Of(0)).Concat(Phrases(Sightings.Of(0, sketch: Traffic.Prompt(9, new Random(1), 0)))).ToArray();
        var index = Pair(0, 6, 20, 6, entries);

        Assert.Equal([new Merger(Cases.Second, Cases.First)], index.Update([Outcome(Cases.Second, entries)], 9, Policy.Default));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Update_OfTwoThatKnowAPartOfTheTemplates_MergesThoseThatProvablyActTogether(bool together, int mergers)
    {
        var shared = Phrases(Sightings.Of(0)).Concat(Phrases(Sightings.Of(0, sketch: Traffic.Prompt(9, new Random(1), 0)))).ToArray();
        var index = new CampaignIndex();
        index.Restore(Cases.First, 1, 1, Accounts(0, 6), Burst(Cases.First, together, [.. shared, .. Own(100)]));
        index.Restore(Cases.Second, 2, 2, Accounts(20, 6), Burst(Cases.Second, together, [.. shared, .. Own(200)]));

        var found = index.Update([new CampaignOutcome(Burst(Cases.Second, together, [.. shared, .. Own(200)]), [], true, null, 9)], 9, Policy.Default);

        Assert.Equal(mergers, found.Count);
    }

    [Fact]
    public void Update_OfTwoCampaignsWithNothingInCommon_MergesNone() => Assert.Empty(Pair(0, 6, 20, 6).Update([Outcome(Cases.Second)], 9, Policy.Default));

    [Fact]
    public void Update_BesideACampaignThatIsNotFoundedYet_MergesNone()
    {
        var index = new CampaignIndex();
        var waiting = index.Place([Proposal(0, 6)], 1)[0];
        index.Restore(Cases.Second, 5, 5, Accounts(0, 6), Cases.Signature(Cases.Second, members: 6));

        Assert.Empty(index.Update([Outcome(Cases.Second)], 9, Policy.Default));
        Assert.Contains(waiting.Campaign, index.Campaigns.Keys);
    }

    [Fact]
    public void Surplus_BeyondTheLimit_NamesTheSmallestWatchedOnes()
    {
        var index = new CampaignIndex();
        for (var i = 1; i <= 5; i++) index.Restore(new CampaignId((ulong)i), i, i, Accounts(100 * i, 10 - i), Cases.Signature(new CampaignId((ulong)i), active: i == 5));

        Assert.Empty(index.Surplus(new Policy { CampaignLimit = 5 }));
        Assert.Equal([new CampaignId(4), new CampaignId(3)], index.Surplus(new Policy { CampaignLimit = 3 }));
    }

    [Fact]
    public void Silent_AfterAWeekWithoutActivity_NamesTheCampaign()
    {
        var index = new CampaignIndex();
        index.Restore(Cases.First, 1, 1000, Accounts(0, 6), Cases.Signature(Cases.First));

        Assert.Empty(index.Silent(1000 + Policy.Default.DormantAfter, Policy.Default));
        Assert.Equal([Cases.First], index.Silent(1001 + Policy.Default.DormantAfter, Policy.Default));
    }

    [Fact]
    public void Remove_OfACampaign_ForgetsItsMembers()
    {
        var index = Pair(0, 6, 20, 6);

        index.Remove(Cases.First);

        Assert.Equal([Cases.Second], index.Campaigns.Keys);
        Assert.Empty(index.CampaignsOf(Sightings.Of(0).Account));
    }

    private static CampaignIndex Pair(int from, int count, int otherFrom, int otherCount, params SignatureEntry[] entries)
    {
        var index = new CampaignIndex();
        index.Restore(Cases.First, 1, 1, Accounts(from, count), Cases.Signature(Cases.First, members: count, entries: entries));
        index.Restore(Cases.Second, 2, 2, Accounts(otherFrom, otherCount), Cases.Signature(Cases.Second, members: otherCount, entries: entries));
        return index;
    }

    private static CampaignOutcome Outcome(CampaignId id, params SignatureEntry[] entries) => new(Cases.Signature(id, members: 6, entries: entries), [], true, null, 9);

    private static SignatureEntry[] Own(ulong from) => [.. Enumerable.Range(0, 4).SelectMany(i => Phrases(Sightings.Of(0, sketch: Traffic.Prompt(from + (ulong)i, new Random(1), 0))))];

    private static CampaignSignature Burst(CampaignId id, bool together, SignatureEntry[] entries) => new(entries)
    {
        Id = id,
        Active = true,
        FoundedAt = (long)id.Value,
        Members = 6,
        Prior = -4,
        MatchedShare = 0.5f,
        Newness = 0,
        NewWeight = 0,
        Families = ~0,
        Cards = [],
        Proofs = together ? CoordinationProofs.Bursts : CoordinationProofs.Turns,
    };

    private static SignatureEntry[] Phrases(Sighting sighting) =>
        [.. Enumerable.Range(0, 4).Select(i => new SignatureEntry(sighting.Token(i), 6, 6, 6, 0.1f, true))];

    private static Proposal Proposal(int from, int count) => new(Sightings.Head, [.. Enumerable.Range(from, count).Select(i => Sightings.Of(i))], 30);

    private static IEnumerable<AccountId> Accounts(int from, int count) => Enumerable.Range(from, count).Select(i => Sightings.Of(i).Account);
}
