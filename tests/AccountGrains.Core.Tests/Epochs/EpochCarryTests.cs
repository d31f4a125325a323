using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Core.Tests.Epochs;

public sealed class EpochCarryTests
{
    [Fact]
    public void Keep_OfMoreLinksThanThereIsRoomFor_KeepsArtefactsAndTheSameOfTheRest_HoweverManySitesSaidThem()
    {
        LinkNotice[] links = [.. Links(FingerprintKind.Ip, 100_005), .. Links(FingerprintKind.Artefact, 10)];
        var (one, three) = (new EpochCarry(), new EpochCarry());

        one.Keep([links]);
        three.Keep([.. links.Reverse().Chunk(40_000)]);

        Assert.Equal(100_000, one.Links.Count);
        Assert.Equal(10, one.Links.Count(l => l.Fingerprint.Kind == FingerprintKind.Artefact));
        Assert.Equal(one.Links, three.Links);
    }

    private static IEnumerable<LinkNotice> Links(FingerprintKind kind, int count) =>
        Enumerable.Range(0, count).Select(i => new LinkNotice(new AccountId(1, (UInt128)i + 1), new Fingerprint(kind, 1, (UInt128)(i / 2) + 1), 2, 0.5f, 5));
}
