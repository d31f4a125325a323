using System.Numerics;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Accounts;

public sealed class ReportMemoryTests
{
    private static readonly Snapshot Nothing = Snapshot.Empty(Policy.Default);

    [Fact]
    public void Observe_OfTheSameAgain_ReportsOnlyWhatIsNew()
    {
        var state = new AccountState(Traffic.AccountOf("one"));
        var request = Request(Traffic.Start, place: 1);

        var first = AccountRules.Observe(state, request, Nothing);
        var again = AccountRules.Observe(state, request with { Time = Traffic.Start + 1 }, Nothing);
        var third = AccountRules.Observe(state, request with { Time = Traffic.Start + 1 }, Nothing);
        var moved = AccountRules.Observe(state, Request(Traffic.Start + 2, place: 2), Nothing);

        Assert.Equal(8 + 4, BitOperations.PopCount(first.Reports));
        Assert.Equal((1UL, true), (again.Reports, again.Traits.HasFlag(SightingTraits.Repeats)));
        Assert.Equal(0UL, third.Reports);
        Assert.Equal([FingerprintKind.Ip, FingerprintKind.Prefix], Kinds(moved.Reports, request));
    }

    [Fact]
    public void Observe_AfterARefresh_ReportsEverythingOnceMore()
    {
        var state = new AccountState(Traffic.AccountOf("one"));
        var request = Request(Traffic.Start, place: 1);
        var first = AccountRules.Observe(state, request, Nothing);

        var later = AccountRules.Observe(state, request with { Time = Traffic.Start + Policy.Default.RefreshInterval }, Nothing);
        var again = AccountRules.Observe(state, request with { Time = Traffic.Start + Policy.Default.RefreshInterval + 1 }, Nothing);

        Assert.Equal(first.Reports, later.Reports);
        Assert.Equal(0UL, again.Reports);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0.25)]
    public void Observe_AfterTheIntervalWasChanged_GoesOnRefreshing(double factor)
    {
        var state = new AccountState(Traffic.AccountOf("one"));
        var request = Request(Traffic.Start, place: 1);
        var first = AccountRules.Observe(state, request, Nothing);
        var interval = (long)(Policy.Default.RefreshInterval * factor);
        var changed = Snapshot.Empty(Policy.Default with { RefreshInterval = interval });
        AccountRules.Observe(state, request with { Time = Traffic.Start + 1 }, changed);

        var later = AccountRules.Observe(state, request with { Time = Traffic.Start + 1 + interval }, changed);

        Assert.Equal(first.Reports, later.Reports);
    }

    [Fact]
    public void Observe_OfALateEvent_IsNoRefresh()
    {
        var state = new AccountState(Traffic.AccountOf("one"));
        var request = Request(Traffic.Start, place: 1);
        AccountRules.Observe(state, request, Nothing);

        var late = AccountRules.Observe(state, request with { Time = Traffic.Start - (2 * Policy.Default.RefreshInterval) }, Nothing);

        // The head alone: that it is repeated is news.
        Assert.Equal(0UL, late.Reports & ~1UL);
    }

    [Fact]
    public void Refresh_OfManyAccounts_IsSpreadOverTheInterval()
    {
        const long interval = 6 * Traffic.Hour;
        var refreshed = Enumerable.Range(0, 600).Select(i =>
        {
            var memory = new ReportMemory();
            memory.Refresh(Traffic.Start, Mixing.Mix64((ulong)i), interval);
            memory.AddValue(1UL << 40);
            return Enumerable.Range(0, 6).First(hour =>
            {
                memory.Refresh(Traffic.Start + ((hour + 1) * Traffic.Hour), Mixing.Mix64((ulong)i), interval);
                return memory.AddValue(1UL << 40);
            });
        }).ToList();

        Assert.All(Enumerable.Range(0, 6), hour => Assert.InRange(refreshed.Count(r => r == hour), 60, 140));
    }

    [Fact]
    public void Observe_OfWhatIsTooCommon_ReportsItNot()
    {
        var request = Request(Traffic.Start, place: 1);
        var address = new Fingerprint(FingerprintKind.Ip, 1, request.Ip);
        var snapshot = Nothing.Next(Policy.Default, default, [], [], [address.Token]);

        var outcome = AccountRules.Observe(new AccountState(request.Account), request, snapshot);

        Assert.DoesNotContain(FingerprintKind.Ip, Kinds(outcome.Reports, request));
        Assert.Contains(FingerprintKind.Prefix, Kinds(outcome.Reports, request));
    }

    private static AccountInput Request(long time, ulong place) => Traffic.Input("one", ObservationType.Request, time) with
    {
        Ip = Traffic.Id(50, place),
        Prefix = Traffic.Id(51, place),
        Ja4 = Traffic.Id(52, 1),
        Payment = Traffic.Id(53, 1),
        Sketch = Traffic.Prompt(1, new Random(1), 0),
    };

    private static FingerprintKind[] Kinds(ulong reports, AccountInput input) =>
        [.. Enumerable.Range(0, 64).Where(bit => (reports & (1UL << bit)) != 0).Select(bit => ReportSet.At(input, bit).Kind)];
}
