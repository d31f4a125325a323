using AccountGrains.Core.Campaigns;
using CsCheck;
using static AccountGrains.Core.Tests.Campaigns.CampaignsOf;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class CampaignPagesTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(128, 0, 0)]
    [InlineData(129, 0, 2)]
    [InlineData(257, 2, 4)]
    [InlineData(65, 2, 2)]
    [InlineData(64, 2, 0)]
    [InlineData(25_000, 0, 256)]
    public void CountFor_OfMembers_GrowsWithThemAndShrinksLate(int members, int now, int expected) =>
        Assert.Equal(expected, CampaignPages.CountFor(members, now));

    [Fact]
    public void CountFor_OfAnyMembers_IsAPowerOfTwoWithRoomForThem() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 10]).Sample((members, log) =>
    {
        var pages = CampaignPages.CountFor(members, log == 0 ? 0 : 1 << log);

        Assert.True(pages == 0 ? members <= CampaignPages.Members : (pages & (pages - 1)) == 0 && members <= pages * CampaignPages.Members);
    });

    [Fact]
    public void ReadInto_OfEveryPage_IsTheWholeCampaign()
    {
        var campaign = Members(300, requests: 2);
        var pages = CampaignPages.Write(campaign, 4);

        var read = CampaignCodec.ReadHead(CampaignCodec.WriteHead(campaign, 3, [0, 1, 1, 0]), out var revision, out var slots);
        foreach (var page in pages.Reverse()) CampaignPages.ReadInto(read, page);

        Assert.Equal(3, revision);
        Assert.Equal([0, 1, 1, 0], slots);
        Assert.All(pages, p => Assert.InRange(p.Length, 5_000, 60_000));
        Assert.Equal(CampaignCodec.Write(campaign), CampaignCodec.Write(read));
    }

    [Fact]
    public void Read_OfAHeadAlone_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => CampaignCodec.Read(CampaignCodec.WriteHead(Members(12), 1, [0, 0])));
}
