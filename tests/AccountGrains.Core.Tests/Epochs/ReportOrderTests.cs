using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>The fixed order of an epoch's reports, in which nothing depends on who came first.</summary>
public sealed class ReportOrderTests
{
    private const long Start = 1_777_593_600_000;

    /// <summary>Fingerprints that differ in the bits that are sorted first, as keyed hashes do, and some that differ only in the others.</summary>
    [Theory]
    [InlineData(0, 96)]
    [InlineData(1, 96)]
    [InlineData(2, 96)]
    [InlineData(400, 96)]
    [InlineData(400, 0)]
    [InlineData(400, 74)]
    public void Sort_IsByFingerprintAccountAndTime_HoweverTheyCame(int count, int shift)
    {
        var random = new Random(count + shift);
        BatchReport[] reports = [.. Enumerable.Range(0, count).Select(_ => Any(random, shift))];
        var expected = reports.OrderBy(r => r.Fingerprint).ThenBy(r => r.Report.Sighting.Account).ThenBy(r => r.Report.Sighting.Time)
            .DistinctBy(r => (r.Fingerprint, r.Report.Sighting.Account)).Select(Of).ToList();

        random.Shuffle(reports);
        var sorted = reports.ToList();
        ReportOrder.Sort(sorted);

        Assert.Equal(expected, sorted.Select(Of));
    }

    [Fact]
    public void Sort_OfReportsThatNothingTellsApart_KeepsTheOneThatCameFirst()
    {
        var fingerprint = new Fingerprint(FingerprintKind.Template, 1, 77);
        List<BatchReport> reports = [.. Enumerable.Range(0, 64).Select(i => BatchReport.Of(fingerprint, new Report(Sight(1, Start, (SightingTraits)(i % 2)), 0)))];

        ReportOrder.Sort(reports);

        Assert.Equal(default, Assert.Single(reports).Report.Sighting.Traits);
    }

    /// <summary>Few of each, so that they meet.</summary>
    private static BatchReport Any(Random random, int shift)
    {
        var fingerprint = new Fingerprint((FingerprintKind)random.Next(1, 4), (byte)random.Next(1, 3), (UInt128)(uint)random.Next(1, 60) << shift);
        return BatchReport.Of(fingerprint, new Report(Sight(random.Next(1, 12), Start + random.Next(1_000_000), default), 0));
    }

    private static Sighting Sight(int account, long time, SightingTraits traits) =>
        Sighting.Of(new AccountInput { Type = ObservationType.Request, Account = new AccountId(1, (UInt128)(uint)account), Name = "a", Time = time }, 0, 0, 0, traits: traits);

    private static (Fingerprint Fingerprint, AccountId Account, long Time) Of(BatchReport report) => (report.Fingerprint, report.Report.Sighting.Account, report.Report.Sighting.Time);
}
