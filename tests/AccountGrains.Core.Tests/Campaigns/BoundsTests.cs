using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class BoundsTests
{
    private const int Limit = 16;

    [Fact]
    public void Trim_OfATooLargeTable_KeepsWhatMostMembersHave()
    {
        var table = new EvidenceTable(Limit, Limit);
        for (var i = 0; i < 100; i++)
        {
            for (var member = 0u; member <= (i < 10 ? 5u : 0u); member++) table.Add(Of(i), member + 1, i);
        }

        table.Trim(100, Policy.Default);

        Assert.Equal(Limit, table.Count);
        Assert.Equal(Enumerable.Range(0, 10).Concat(Enumerable.Range(94, 6)).Select(Of).Order(), table.Entries.Select(e => e.Fingerprint).Order());
    }

    [Fact]
    public void Trim_OfWhatWasNotSeenAgain_ForgetsIt()
    {
        var table = new EvidenceTable(Limit, Limit);
        table.Add(Of(1), 1, 1000);
        table.Add(Of(2), 1, 2000);

        table.Trim(1500 + Policy.Default.EvidenceExpiry, Policy.Default);

        Assert.Equal([Of(2)], table.Entries.Select(e => e.Fingerprint));
        Assert.Null(table.Find(Of(1).Token));
    }

    [Fact]
    public void Merge_OfManyFullTables_StaysReadable()
    {
        var table = new EvidenceTable(Limit, Limit);
        for (var t = 0; t < 300; t++)
        {
            var other = new EvidenceTable(Limit, Limit);
            for (var i = 0; i < 2 * Limit; i++) other.Add(Of((t * 100) + i), 7, t);
            table.Merge(other);
        }

        Assert.True(table.Count <= 2 * Limit);
        AssertReadsBack(table);
    }

    [Fact]
    public void Add_OfRequests_SumsThemExactly() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 1000]).Array[0, 100].Sample(rows =>
    {
        var ledger = new TakenLedger();
        foreach (var (capability, model, day, tokens) in rows) ledger.Add($"c{capability}", $"m{model}", day * 86_400_000L, 1, tokens, 2 * tokens);

        var expected = rows.GroupBy(r => (Day: r.Item3, Capability: $"c{r.Item1}", Model: $"m{r.Item2}")).OrderBy(g => g.Key)
            .Select(g => new TakenRow(g.Key.Capability, g.Key.Model, g.Key.Day, g.Count(), g.Sum(r => (long)r.Item4), g.Sum(r => 2L * r.Item4)));
        Assert.Equal(expected, ledger.Rows);
    });

    [Fact]
    public void Add_OfMoreLabelsThanRows_CountsThemUnderOther()
    {
        var ledger = new TakenLedger();

        for (var i = 0; i < 5000; i++) ledger.Add($"c{i}", "m", i * 3_600_000L, 1, 10, 100);

        Assert.True(ledger.Rows.Count() <= TakenLedger.Limit + 1);
        Assert.Equal((5000L, 50_000L, 500_000L), ledger.Total());
        Assert.Contains(ledger.Rows, r => r.Capability == "other");
    }

    [Fact]
    public void Merge_OfManyFullLedgers_StaysWithinItsRowsAndLosesNothing()
    {
        var ledger = new TakenLedger();
        for (var campaign = 0; campaign < 6; campaign++)
        {
            var other = new TakenLedger();
            for (var i = 0; i < 2048; i++) other.Add($"c{i}", $"m{campaign}", 0, 1, 10, 100);
            other.AddEstimate(3, 30, 300);
            ledger.Merge(other, [], []);
        }

        var writer = new StateWriter();
        ledger.Write(writer);
        var reader = new StateReader(writer.ToArray());
        var read = new TakenLedger();
        read.ReadFrom(ref reader, CampaignCodec.Schema);
        Assert.True(ledger.Rows.Count() <= TakenLedger.Limit + 1);
        Assert.Equal((6 * 2048L, 6 * 20_480L, 6 * 204_800L), ledger.Total());
        Assert.Equal(ledger.Rows, read.Rows);
        Assert.Equal(18, read.Before.Requests);
    }

    private static void AssertReadsBack(EvidenceTable table)
    {
        var writer = new StateWriter();
        table.Write(writer);
        var reader = new StateReader(writer.ToArray());
        var read = new EvidenceTable(Limit, Limit);
        read.ReadFrom(ref reader, first: false);
        var again = new StateWriter();
        read.Write(again);
        Assert.Equal(writer.ToArray(), again.ToArray());
    }

    private static Fingerprint Of(int number) => new(FingerprintKind.Template, 1, Traffic.Id(70, (ulong)number));
}
