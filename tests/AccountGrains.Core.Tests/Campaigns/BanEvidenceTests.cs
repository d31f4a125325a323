using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Campaigns.CampaignsOf;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class BanEvidenceTests
{
    private const int Cards = 6;
    private const long Hour = Traffic.Hour;

    [Theory]
    [InlineData(5, 1, CampaignStatus.Active)]
    [InlineData(5, 0, CampaignStatus.Watched)]
    [InlineData(2, 1, CampaignStatus.Watched)]
    public void Close_OfAProvedCampaignWhoseAccountsAreBanned_IsActiveByThat(int banned, double factor, CampaignStatus expected)
    {
        var unbanned = Watched();
        Ban(unbanned, 0, 1, Policy.Default);
        var policy = Policy.Default with { ActiveTotal = unbanned.Assessment.Total + 3, BanFactor = factor };
        var campaign = Watched();

        Ban(campaign, banned, 1, policy);

        Assert.Equal(expected, campaign.Status);
    }

    [Fact]
    public void Close_AfterTheBansWereLifted_CountsThemAgainstIt()
    {
        var campaign = Members(20);
        Ban(campaign, 5, 1, Policy.Default);
        var before = campaign.Assessment;

        Ban(campaign, 5, -1, Policy.Default, campaign.LastActivity + (2 * Hour));

        Assert.Equal((6, 0), (before.Bans, campaign.Assessment.Bans));
        Assert.True(campaign.Assessment.Share <= before.Share - (5 * 3));
    }

    [Fact]
    public void Close_AfterAllItsAccountsWereRestored_Lapses()
    {
        var campaign = Members(20);
        var before = campaign.Status;

        Ban(campaign, 20, -1, Policy.Default);

        Assert.Equal((CampaignStatus.Active, CampaignStatus.Watched), (before, campaign.Status));
    }

    [Fact]
    public void Close_AfterOneBan_TellsWhatItIsWorthToBeginRightAfterIt()
    {
        var campaign = Members(20);

        var signature = Ban(campaign, 4, 1, Policy.Default).Signature;

        Assert.Equal(Math.Log(0.5 * 24), signature.SuccessionWeight, 2);
        Assert.Single(signature.Bans);
    }

    [Fact]
    public void Close_AfterABanEachHour_TellsThatItIsWorthNothing()
    {
        var campaign = Members(20);
        var end = campaign.LastActivity;

        for (var i = 0; i < 18; i++) Ban(campaign, 1, 1, Policy.Default, end += Hour, from: i);

        Assert.Equal(0, campaign.SignatureNow(Policy.Default).SuccessionWeight);
    }

    [Theory]
    [InlineData(1, 1, 8, CampaignStatus.Active)]
    [InlineData(0, 1, 8, CampaignStatus.Watched)]
    [InlineData(1, 6, 8, CampaignStatus.Watched)]
    [InlineData(1, 1, 2, CampaignStatus.Watched)]
    public void Close_AfterTheBannedWereReplaced_IsActiveByWhatTheOthersSend(double factor, int times, int heirs, CampaignStatus expected)
    {
        var without = Replaced(Policy.Default with { ActiveTotal = 1_000, ConservationFactor = 0 }, times, heirs).Assessment.Total;

        var campaign = Replaced(Policy.Default with { ActiveTotal = without + 2, ConservationFactor = factor }, times, heirs);

        Assert.Equal(expected, campaign.Status);
    }

    [Fact]
    public void Close_OfACrowdThatGrowsAsBefore_IsNotActiveByThat()
    {
        var without = Replaced(Policy.Default with { ActiveTotal = 1_000, ConservationFactor = 0 }, 1, 8, grew: true).Assessment.Total;

        Assert.Equal(CampaignStatus.Watched, Replaced(Policy.Default with { ActiveTotal = without + 2 }, 1, 8, grew: true).Status);
    }

    /// <summary>Two of its accounts, which sent sixteen requests an hour, are banned; others join then, and send so many times as much.</summary>
    private static Campaign Replaced(Policy policy, int times, int heirs, bool grew = false)
    {
        var campaign = Watched();
        var start = campaign.LastActivity;
        if (grew) campaign.Close(new CampaignInput(start + Hour, [.. Enumerable.Range(60, 8).Select(i => Member(i, Cards, start))], []), _ => 0, People, policy);
        Work(campaign, 0, 2, 16, start + (2 * Hour), policy);
        Ban(campaign, 2, 1, policy, start + (2 * Hour) + 1);
        campaign.Close(new CampaignInput(start + (2 * Hour) + 60_000, [.. Enumerable.Range(30, heirs).Select(i => Member(i, Cards, start + (2 * Hour) + 2))], []), _ => 0, People, policy);
        Work(campaign, 30, heirs, times * 32 / heirs, start + (4 * Hour), policy);
        return campaign;
    }

    private static void Work(Campaign campaign, int from, int count, int requests, long end, Policy policy)
    {
        MemberActivity[] activity = [.. Enumerable.Range(0, count * requests).Select(n => Request(campaign.Id, Member(from + (n % count), Cards, end - 1 - (n * 60_000 / count))))];
        campaign.Close(new CampaignInput(end, [], activity), _ => 0, People, policy);
    }

    private static Campaign Watched()
    {
        var campaign = Members(20);
        campaign.Status = CampaignStatus.Watched;
        campaign.ActiveSince = 0;
        return campaign;
    }

    private static CampaignOutcome Ban(Campaign campaign, int count, sbyte bans, Policy policy, long end = 0, int from = 0)
    {
        end = end == 0 ? campaign.LastActivity + Hour : end;
        MemberActivity[] activity = [.. Enumerable.Range(from, count).Select(i => Request(campaign.Id, Member(i, Cards, end - 1)) with { IsRequest = false, Bans = bans })];
        return campaign.Close(new CampaignInput(end, [], activity), _ => 0, People, policy);
    }
}
