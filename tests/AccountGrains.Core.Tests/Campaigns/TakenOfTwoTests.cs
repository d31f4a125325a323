using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Accounts;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Campaigns.CampaignsOf;

namespace AccountGrains.Core.Tests.Campaigns;

/// <summary>What accounts that are in two campaigns took counts once when the two become one.</summary>
public sealed class TakenOfTwoTests
{
    private const long Later = Traffic.Start + 86_400_000L;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Absorb_OfACampaignWithCommonMembers_CountsWhatBothCountedOnce(bool olderStays)
    {
        var older = Members(12);
        var newer = Members(12, from: 8, end: Traffic.Start + 1000, capability: "coding");
        var (first, second) = (older.Taken.Total(), newer.Taken.Total());
        var own = older.Taken.Before.Requests + newer.Taken.Before.Requests;
        Tell(older, newer, Member(9, 6, Later), times: 5);
        newer.Acknowledge([new JoinReply(Member(9, 6, 0).Account, "nine", 40, 400, 4000, older.Id)]);

        var (into, from) = olderStays ? (older, newer) : (newer, older);
        into.Absorb(from, Later);

        Assert.Equal((first.Requests + second.Requests + 5, first.Input + second.Input + 50, first.Output + second.Output + 500), into.Taken.Total());
        Assert.Equal(own, into.Taken.Before.Requests);
    }

    [Fact]
    public void Absorb_OfACampaignThatKnewTheOtherByAnEarlierName_CountsOnce()
    {
        var third = Members(12, from: 8, end: Traffic.Start + 1000);
        var earlier = Members(12, from: 15, end: Traffic.Start + 2000);
        var into = Members(12);
        Tell(earlier, third, Member(16, 6, Later), times: 4);
        into.Absorb(earlier, Later);
        var before = (into.Taken.Total().Requests, third.Taken.Total().Requests);

        into.Absorb(CampaignCodec.Read(CampaignCodec.Write(third)), Later);

        Assert.Equal(before.Item1 + before.Item2 - 4, into.Taken.Total().Requests);
    }

    [Fact]
    public void Close_WithActivityThatWasMeantForAMergedCampaignAndToldHereToo_CountsItOnce()
    {
        var into = Members(12);
        var other = Members(12, from: 8, end: Traffic.Start + 1000);
        into.Absorb(other, Later);
        var before = into.Taken.Total();
        var forwarded = Request(into.Id, Member(9, 6, Later)) with { AlsoIn = into.Id };

        Close(into, Later, [], [forwarded, Request(into.Id, Member(9, 6, Later)) with { AlsoIn = other.Id }, Request(into.Id, Member(9, 6, Later))]);

        Assert.Equal(before.Requests + 1, into.Taken.Total().Requests);
    }

    [Fact]
    public void Observe_OfAMemberOfTwo_TellsEachOfTheOther()
    {
        var state = new AccountState(Cases.Account);
        AccountCall call = new(Cases.Account, [Joined(Cases.First), Joined(Cases.Second)], [], Traffic.Start);
        var replies = AccountRules.Apply(state, call, Snapshot.Empty(Policy.Default)).Joined;

        var outcome = AccountRules.Observe(state, Traffic.Input("someone", ObservationType.Request, Later), Snapshot.Empty(Policy.Default));

        Assert.Equal([default, Cases.First], replies.Select(r => r.Reply.AlsoIn));
        Assert.Equal((Cases.Second, Cases.First), (outcome.First!.AlsoIn, outcome.Second!.AlsoIn));
    }

    private static Standing Joined(CampaignId campaign) => new(Cases.Account, campaign, StandingChange.Joined, false, default);

    /// <summary>What one account that is in both did, told to both.</summary>
    private static void Tell(Campaign one, Campaign two, Sighting sighting, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Close(one, Later, [], [Request(one.Id, sighting) with { AlsoIn = two.Id }]);
            Close(two, Later, [], [Request(two.Id, sighting) with { AlsoIn = one.Id }]);
        }
    }
}
