using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>The fixed order of an epoch's reports, in which nothing depends on who came first.</summary>
public sealed class ReportOrderTests
{
    private const long Start = 1_777_593_600_000;

    [Fact]
    public void Sort_IsByFingerprintAccountAndTime_HoweverTheyCame()
    {
        var random = new Random(1);
        for (var round = 0; round < 40; round++)
        {
            BatchReport[] reports = [.. Enumerable.Range(0, 400).Select(_ => Any(random))];
            var expected = reports.OrderBy(r => r.Fingerprint).ThenBy(r => r.Report.Sighting.Account).ThenBy(r => r.Report.Sighting.Time)
                .DistinctBy(r => (r.Fingerprint, r.Report.Sighting.Account)).Select(Of);
            random.Shuffle(reports);
            var sorted = reports.ToList();
            ReportOrder.Sort(sorted);
            Assert.Equal(expected, sorted.Select(Of));
        }
    }

    /// <summary>Few fingerprints and accounts, so that they meet, and fingerprints that differ only in what comes late in the order.</summary>
    private static BatchReport Any(Random random)
    {
        var value = (UInt128)(uint)random.Next(1, 20) << (random.Next(2) == 0 ? 96 : 0);
        var kind = (FingerprintKind)random.Next(1, 4);
        var account = new AccountId(1, (UInt128)(uint)random.Next(1, 12));
        var sighting = Sighting.Of(new AccountInput { Type = ObservationType.Request, Account = account, Name = "a", Time = Start + random.Next(1_000_000) }, 0, 0, 0);
        return new BatchReport(new Fingerprint(kind, (byte)random.Next(1, 3), value), new Report(sighting, 0));
    }

    private static (Fingerprint Fingerprint, AccountId Account, long Time) Of(BatchReport report) => (report.Fingerprint, report.Report.Sighting.Account, report.Report.Sighting.Time);
}
