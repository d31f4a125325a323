using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Campaigns.CampaignsOf;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class CampaignTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Close_OfACohortWithSixCards_Activates()
    {
        var campaign = Members(12);

        Assert.Equal(CampaignStatus.Active, campaign.Status);
        Assert.Equal(CoordinationProofs.Cards, campaign.Assessment.Proofs);
        Assert.Equal([CampaignEventKind.Founded, CampaignEventKind.CardsProved, CampaignEventKind.Activated], campaign.Timeline.Select(e => e.Kind));
        Assert.Equal((96L, 960L, 9600L), campaign.Taken.Total());
        Assert.Equal((24L, 240L, 2400L), (campaign.Taken.Before.Requests, campaign.Taken.Before.InputTokens, campaign.Taken.Before.OutputTokens));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Close_OfACohortWithAsManyCardsAsACompanyHas_OnlyWatches(int cards)
    {
        var campaign = Members(12, cards: cards);

        Assert.Equal(CampaignStatus.Watched, campaign.Status);
        Assert.Equal(CoordinationProofs.None, campaign.Assessment.Proofs);
    }

    [Fact]
    public void Close_WhenMembersDoOtherThings_LapsesAndTellsThem()
    {
        var campaign = Members(12);

        var told = new List<Standing>();
        for (var i = 1; i <= 30; i++)
        {
            var time = Traffic.Start + (2 * Day) + (i * 60_000L);
            told.AddRange(Close(campaign, time, [], [.. Enumerable.Range(0, 12).Select(m => Request(campaign.Id, Member(m, 6, time), matched: false, capability: $"kind-{(m + i) % 11}"))]).Standings);
        }

        Assert.NotEqual(CampaignStatus.Active, campaign.Status);
        Assert.Contains(campaign.Timeline, e => e.Kind == CampaignEventKind.Lapsed);
        Assert.Equal(12, told.Select(s => s.Account).Distinct().Count());
    }

    [Fact]
    public void Close_AfterAWeekOfSilence_IsDormantUntilSomebodyComes()
    {
        var campaign = Members(12);
        var later = campaign.LastActivity + Policy.Default.DormantAfter;

        Close(campaign, later, [], []);
        var before = campaign.Status;
        var outcome = Close(campaign, later + 1, [], []);
        var dormant = campaign.Status;
        Close(campaign, later + 60_000, [], [Request(campaign.Id, Member(0, 6, later + 30_000))]);

        Assert.Equal((CampaignStatus.Active, CampaignStatus.Dormant), (before, dormant));
        Assert.Equal(12, outcome.Standings.Count);
        Assert.False(outcome.Signature.Active);
        Assert.NotEqual(CampaignStatus.Dormant, campaign.Status);
    }

    [Fact]
    public void Close_WithAMemberThatAsksToJoin_TellsItAgain()
    {
        var campaign = Members(12);

        var outcome = Close(campaign, Traffic.Start + Day, [Member(3, 6, Traffic.Start + Day)], []);

        Assert.Equal(StandingChange.Joined, outcome.Standings.Single(s => s.Account == Member(3, 6, 0).Account).Change);
        Assert.Equal(12, campaign.MemberCount);
    }

    [Fact]
    public void Close_WithAPhraseThatIsPartOfManyTemplates_DoesNotTakeItForItsOwn()
    {
        var campaign = Members(12);
        var other = Members(12, from: 20);
        var generic = Sightings.Head;

        var before = campaign.SignatureNow(Policy.Default);
        var input = new CampaignInput(Traffic.Start + Day, [], [Request(campaign.Id, Member(1, 6, Traffic.Start + Day))]);
        var after = campaign.Close(input, f => f == generic ? FirstSeenTable.Everybody : 0, People, Policy.Default).Signature;
        campaign.Absorb(other, Traffic.Start + Day);
        var merged = campaign.SignatureNow(Policy.Default);

        Assert.True(before.TryGet(generic.Token, out _));
        Assert.False(after.TryGet(generic.Token, out _));
        Assert.False(merged.TryGet(generic.Token, out _));
    }

    [Fact]
    public void Absorb_OfAnother_IsTheUnionAndBuryLeavesATombstone()
    {
        var into = Members(12);
        var other = Members(12, from: 8, end: Traffic.Start + 1000, capability: "coding");
        var sums = (into.Taken.Total(), other.Taken.Total(), into.Taken.Before.Requests + other.Taken.Before.Requests);

        var standings = into.Absorb(other, Traffic.Start + Day);
        other.Bury(into.Id, Traffic.Start + Day);

        Assert.Equal(20, into.MemberCount);
        Assert.Equal((sums.Item1.Requests + sums.Item2.Requests, sums.Item1.Input + sums.Item2.Input, sums.Item1.Output + sums.Item2.Output), into.Taken.Total());
        Assert.Equal(sums.Item3, into.Taken.Before.Requests);
        Assert.Equal((CampaignStatus.Merged, into.Id, 0), (other.Status, other.MergedInto, other.MemberCount));
        Assert.Equal([other.Id], into.Absorbed);
        Assert.Equal((CampaignEventKind.Absorbed, other.Id), (into.Timeline[^1].Kind, into.Timeline[^1].Other));
        Assert.Equal((CampaignEventKind.Merged, into.Id), (other.Timeline[^1].Kind, other.Timeline[^1].Other));
        Assert.All(standings, s => Assert.Equal((other.Id, StandingChange.Moved, into.Id), (s.Campaign, s.Change, s.Into)));
        Assert.Equal(12, standings.Count);
    }

    [Fact]
    public void Absorb_OfMembersWithOtherLabels_KeepsWhatTheyAskedFor()
    {
        var into = Members(6, capability: "reasoning");
        var other = Members(6, from: 6, capability: "coding");

        into.Absorb(other, Traffic.Start + Day);

        Assert.Equal(["reasoning", "coding"], into.Labels);
        Assert.Equal(6, into.Members.Values.Count(m => m.Capabilities.All(c => into.Labels[c] == "coding")));
    }

    [Fact]
    public void Close_OfATombstone_StaysOneAndForwards()
    {
        var into = Members(12);
        var other = Members(12, from: 12, end: Traffic.Start + 1000);
        into.Absorb(other, Traffic.Start + Day);
        other.Bury(into.Id, Traffic.Start + Day);
        var stored = CampaignCodec.Write(other);

        var outcome = Close(other, Traffic.Start + (9 * Day), [Member(20, 6, Traffic.Start + (2 * Day))], [Request(other.Id, Member(13, 6, Traffic.Start + (2 * Day)))]);
        Close(into, Traffic.Start + (9 * Day), [], [Request(into.Id, Member(1, 6, Traffic.Start + (9 * Day)))]);

        Assert.Equal(stored, CampaignCodec.Write(other));
        Assert.Equal(into.Id, outcome.ForwardTo);
        Assert.Equal(2, outcome.Standings.Count);
        Assert.All(outcome.Standings, s => Assert.Equal((StandingChange.Moved, into.Id), (s.Change, s.Into)));
    }

    [Fact]
    public void Close_OfTwoGroupsWithNothingInCommon_SplitsThem()
    {
        var campaign = Founded([.. Enumerable.Range(0, 14).Select(i => Group(i, Traffic.Start))]);
        Campaign? part = null;
        for (var i = 1; i <= 10; i++)
        {
            var time = Traffic.Start + (2 * Day) + (i * 60_000L);
            var joins = i == 10 ? new[] { Group(0, time) } : [];
            part ??= Close(campaign, time, joins, [.. Enumerable.Range(0, 14).Select(m => Request(campaign.Id, Group(m, time)))]).Split;
        }

        Assert.Equal((8, 6), (campaign.Members.Values.Count(m => m.Requests > 0), part!.MemberCount));
        Assert.Equal(campaign.Id, part.SplitFrom);
        Assert.Contains(campaign.Timeline, e => e.Kind == CampaignEventKind.Split && e.Other == part.Id);
        Assert.Empty(campaign.MembersAfter(null).Select(m => m.Account).Intersect(part.MembersAfter(null).Select(m => m.Account)));
    }

    [Fact]
    public void Read_OfWhatWasWritten_WritesTheSameBytesAndIsRecognisedTheSame()
    {
        var campaign = Members(90, requests: 3);
        campaign.Absorb(Members(12, from: 90), Traffic.Start + Day);
        var signature = campaign.SignatureNow(People, Policy.Default);

        var read = CampaignCodec.Read(CampaignCodec.Write(campaign));

        Assert.Equal(CampaignCodec.Write(campaign), CampaignCodec.Write(read));
        Assert.NotEmpty(signature.Entries);
        Assert.Equal(signature.Entries.OrderBy(e => e.Fingerprint), read.SignatureNow(People, Policy.Default).Entries.OrderBy(e => e.Fingerprint));
    }

    [Fact]
    public void Dissolve_OfACampaign_TellsItsMembers()
    {
        var campaign = Members(12, cards: 1);

        var standings = campaign.Dissolve();

        Assert.Equal(12, standings.Count(s => s.Change == StandingChange.Left));
        Assert.Equal((CampaignStatus.Closed, 0), (campaign.Status, campaign.MemberCount));
    }

    /// <summary>Eight accounts of one template and card, and six of another.</summary>
    private static Sighting Group(int number, long time) =>
        Sightings.Of(number, card: number < 8 ? 1 : 2, time: time, sketch: Traffic.Prompt(number < 8 ? 5UL : 6UL, new Random(number), 0));

    private static Campaign Founded(Sighting[] members)
    {
        var proposal = new Proposal(Sightings.Head, members, 30);
        var campaign = Campaign.Found(new CampaignId(7), proposal, Traffic.Start);
        Close(campaign, Traffic.Start, members, []);
        return campaign;
    }
}
