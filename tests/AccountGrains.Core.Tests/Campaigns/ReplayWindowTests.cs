using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Take_OfNumbersInAnyOrder_AgreesWithASetOfAllThatWereTaken()
    {
        Gen.Int[1, 200].Array[1, 300].Sample(numbers =>
        {
            var window = new ReplayWindow();
            var taken = new HashSet<int>();
            var highest = 0;

            foreach (var number in numbers)
            {
                var expected = number > highest - 64 && taken.Add(number);
                highest = Math.Max(highest, number);

                Assert.Equal(expected, window.Take(number));
            }
        });
    }

    [Fact]
    public void Close_WithActivityThatIsSentAgain_CountsItOnce()
    {
        var campaign = CampaignsOf.Members(6);
        var request = CampaignsOf.Request(campaign.Id, CampaignsOf.Member(2, 6, Traffic.Start + 600_000));
        CampaignsOf.Close(campaign, Traffic.Start + 660_000, [], [request]);
        var before = campaign.Taken.Total();

        CampaignsOf.Close(campaign, Traffic.Start + 720_000, [], [request]);

        Assert.Equal(before, campaign.Taken.Total());
    }

    [Fact]
    public void Close_WithActivityOfSomebodyWhoIsNoMember_TellsItThatItLeft()
    {
        var campaign = CampaignsOf.Members(6);
        var stranger = CampaignsOf.Member(90, 6, Traffic.Start + 600_000);

        var outcome = CampaignsOf.Close(campaign, Traffic.Start + 660_000, [], [CampaignsOf.Request(campaign.Id, stranger)]);

        Assert.Contains(outcome.Standings, s => s.Account == stranger.Account && s.Change == StandingChange.Left);
    }
}
