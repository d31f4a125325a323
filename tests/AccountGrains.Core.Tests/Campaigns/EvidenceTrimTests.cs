using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class EvidenceTrimTests
{
    [Fact]
    public void Trim_OfMoreExitsThanItKeeps_LeavesTheCards()
    {
        var table = new EvidenceTable(limit: 16, tokenLimit: 16);
        for (var exit = 0U; exit < 60; exit++) Show(table, FingerprintKind.Ip, exit, members: 9);
        for (var card = 0U; card < 4; card++) Show(table, FingerprintKind.Payment, card, members: 3);

        table.Trim(Traffic.Start, Policy.Default);

        Assert.Equal(16, table.Count);
        Assert.Equal(4, table.Entries.Count(e => e.Fingerprint.Kind == FingerprintKind.Payment));
    }

    [Fact]
    public void Trim_OfOneKind_LeavesWhatTheMostMembersHave()
    {
        var table = new EvidenceTable(limit: 4, tokenLimit: 16);
        for (var exit = 0U; exit < 10; exit++) Show(table, FingerprintKind.Ip, exit, members: exit + 1);

        table.Trim(Traffic.Start, Policy.Default);

        Assert.Equal([7, 8, 9, 10], table.Entries.Select(e => e.Holders.Count).Order());
    }

    private static void Show(EvidenceTable table, FingerprintKind kind, uint number, uint members)
    {
        for (var member = 1U; member <= members; member++) table.Add(new Fingerprint(kind, 1, Traffic.Id((ulong)kind + 40, number)), member, Traffic.Start);
    }
}
