using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Correlation;

namespace AccountGrains.Core.Tests.Epochs;

public sealed class SiteDeliveryTests
{
    // A comes back after B: whether it travels once more or not, its reports stay its own.
    [Theory]
    [InlineData("AABAC", 0, 5)]
    [InlineData("AABAC", 1, 3)]
    [InlineData("ABCABC", 2, 4)]
    [InlineData("AAAA", 3, 1)]
    [InlineData("AB", 1, 0)]
    public void CopyOf_SomeReports_IsReadAsItWasWritten(string accounts, int start, int count)
    {
        var sightings = accounts.Distinct().ToDictionary(a => a, a => SightingRows.Of(Sightings.Of(a)));
        BatchReport[] reports = [.. accounts.Select((a, i) => new BatchReport(new Fingerprint(FingerprintKind.Device, 1, (UInt128)(i + 1)), sightings[a], (sbyte)((i % 3) - 1)))];
        var writer = new StateWriter();

        SiteDelivery.CopyOf(7, reports, start, count).Write(writer);
        var reader = new StateReader(writer.Written);
        var read = SiteDelivery.Read(ref reader);

        Assert.Equal(7, read.Number);
        Assert.Equal(reports.Skip(start).Take(count).Select(Of), read.Reports.Select(Of));
    }

    private static (Fingerprint Fingerprint, AccountId Account, long Time, sbyte Bans) Of(BatchReport report) => (report.Fingerprint, report.Row.Account, report.Row.Time, report.Bans);
}
