using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Accounts;
using AccountGrains.Core.Tests.Campaigns;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Correlation;

public sealed class SharedMomentsTests
{
    private const long Minute = 60_000;
    private const long Round = 43 * Minute;
    private const long First = Traffic.Start + (2 * Minute) + 24_000;

    [Theory]
    [InlineData(6, 12)]
    [InlineData(5, 12)]
    [InlineData(3, 0)]
    public void SurpriseOf_AccountsThatMeet_GrowsWithTheirMeetings(int meetings, double atLeast)
    {
        var one = At(0, Enumerable.Range(0, 6).Select(i => First + (i * Round)));
        var other = At(1, Enumerable.Range(0, 6).Select(i => First + (i * Round) + (i < meetings ? 7_000 : 10 * Minute)));

        var surprise = SharedMoments.SurpriseOf(one, other);

        Assert.Equal(surprise, SharedMoments.SurpriseOf(other, one), 9);
        Assert.True(atLeast == 0 ? surprise == 0 : surprise >= atLeast, $"{surprise}");
    }

    [Fact]
    public void SurpriseOf_AccountsThatAreBusyAtTheSameHour_IsSmall()
    {
        var one = At(0, Enumerable.Range(0, 6).Select(i => First + (i * 6 * Minute)));
        var other = At(1, Enumerable.Range(0, 6).Select(i => First + (i * 6 * Minute) + (i < 4 ? 0 : 2 * Minute)));

        Assert.InRange(SharedMoments.SurpriseOf(one, other), 0.1, Policy.Default.CohortThreshold - 1);
    }

    [Fact]
    public void SurpriseOf_JobsThatTheClockDrives_IsNone()
    {
        var hourly = Enumerable.Range(0, 6).Select(i => Traffic.Start + (i * 60 * Minute) + 1500).ToArray();

        Assert.Equal(0, SharedMoments.SurpriseOf(At(0, hourly), At(1, hourly)));
    }

    [Theory]
    [InlineData(PairTest.MostTogether, 1)]
    [InlineData(PairTest.MostTogether + 1, 0)]
    public void Observe_OfATemplateThatMoreSendInOneEpochThanAreCompared_ProposesNoPairs(int accounts, int expected)
    {
        var meeting = Enumerable.Range(0, 2).Select(n => At(n, Enumerable.Range(0, 6).Select(i => First + (i * Round))));
        var others = Enumerable.Range(2, accounts - 2).Select(n => Sightings.Of(n));

        var pairs = new FingerprintState(Sightings.Head).Observe([.. meeting.Concat(others).Select(s => new Report(s, 0))], CampaignsOf.People, Policy.Default).Pairs ?? [];

        Assert.Equal(expected, pairs.Length);
    }

    [Fact]
    public void Observe_OfATemplateThatTwoSendWhoMeet_ProposesThemAndNotTheOthers()
    {
        var state = new FingerprintState(Sightings.Head);
        Report[] reports = [.. Enumerable.Range(0, 8).Select(n => new Report(At(n, Enumerable.Range(0, 6).Select(i => First + (i * Round) + (n < 2 ? 0 : n * (i + 1) * Minute))), 0))];

        var pairs = state.Observe(reports, CampaignsOf.People, Policy.Default).Pairs;

        var proposal = Assert.Single(pairs ?? []);
        Assert.True(proposal.IsOfMoments);
        Assert.Equal(new[] { reports[0], reports[1] }.Select(r => r.Sighting.Account).Order(), proposal.Members.Select(m => m.Account));
        Assert.Null(new FingerprintState(Sightings.Head).Observe(reports, CampaignsOf.People, new Policy { TimingFactor = 0 }).Pairs);
    }

    [Fact]
    public void Found_OnTwoThatMeet_WatchesThemAndGathersWhoComesThen()
    {
        var times = Enumerable.Range(0, 6).Select(i => First + (i * Round)).ToArray();
        Sighting[] two = [.. new[] { At(0, times), At(1, times) }.OrderBy(s => s.Account)];
        var campaign = Campaign.Found(Cases.First, new Proposal(Sightings.Head, two, 20) { IsPair = true }, times[^1] + Minute);

        var outcome = CampaignsOf.Close(campaign, times[^1] + Minute, two, []);

        Assert.Equal((CampaignStatus.Watched, true, false), (campaign.Status, outcome.Signature.Gathers, outcome.Signature.BurstsProved));
        Assert.Equal(times.Select(t => t / BurstWatch.Bucket), outcome.Signature.Bursts);
    }

    [Fact]
    public void Place_OfTwoThatMeetOfWhomOneIsWatchedElsewhere_FoundsACampaignOfBoth()
    {
        var times = Enumerable.Range(0, 6).Select(i => First + (i * Round)).ToArray();
        Sighting[] two = [.. new[] { At(0, times), At(1, times) }.OrderBy(s => s.Account)];
        var index = new CampaignIndex();
        index.Restore(Cases.First, 1, 1, [two[0].Account], Cases.Signature(Cases.First));

        var placement = Assert.Single(index.Place([new Proposal(Sightings.Head, two, 20) { IsPair = true }], 2000));

        Assert.NotEqual(Cases.First, placement.Campaign);
        Assert.Equal(2, placement.Joins.Count);
    }

    private static Sighting At(int number, IEnumerable<long> times)
    {
        var all = times.ToArray();
        return Sightings.Of(number, time: all[^1], moments: Sightings.MomentsAt(all));
    }
}
