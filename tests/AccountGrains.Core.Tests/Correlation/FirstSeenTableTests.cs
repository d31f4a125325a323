using AccountGrains.Core.Correlation;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;

namespace AccountGrains.Core.Tests.Correlation;

public sealed class FirstSeenTableTests
{
    private static readonly Gen<(int Fingerprint, int Account)[]> Sights = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 6]).Array[1, 200];

    [Fact]
    public void Sight_OfAnything_AdmitsWhenANaiveSetHasEnoughAccounts() => Sights.Sample(sights =>
    {
        var table = new FirstSeenTable(1024);
        var seen = new Dictionary<Fingerprint, HashSet<uint>>();
        var admitted = new HashSet<Fingerprint>();
        Span<uint> earlier = stackalloc uint[4];
        foreach (var (number, account) in sights)
        {
            var fingerprint = Of(number);
            if (!seen.TryGetValue(fingerprint, out var accounts)) seen.Add(fingerprint, accounts = []);
            var before = accounts.ToArray();
            var isNew = accounts.Add(MarkOf(account));
            var enough = accounts.Count >= (fingerprint.Kind == FingerprintKind.Template ? 4 : 2);
            var expected = admitted.Contains(fingerprint) ? FirstSight.Known : enough ? FirstSight.Admitted : FirstSight.Waiting;

            var sight = table.Sight(fingerprint, MarkOf(account), earlier, out var count);

            Assert.Equal(expected, sight);
            Assert.Equal(isNew && expected != FirstSight.Known ? before : [], earlier[..count].ToArray());
            if (enough) admitted.Add(fingerprint);
        }

        Assert.Equal(seen.Count, table.Count);
        Assert.Equal(0, table.Evicted);
    });

    [Fact]
    public void Sight_OfMoreThanItHolds_StaysWithinItsCapacity()
    {
        var table = new FirstSeenTable(256);
        Span<uint> earlier = stackalloc uint[4];

        for (var i = 0; i < 10_000; i++) table.Sight(Of(i), MarkOf(i), earlier, out _);

        Assert.Equal(256, table.Capacity);
        Assert.Equal(256, table.Count);
        Assert.Equal(10_000 - 256, table.Evicted);
    }

    [Fact]
    public void Sight_OfMoreThanItHolds_KeepsWhatWasSeenLast()
    {
        var table = new FirstSeenTable(256);
        Span<uint> earlier = stackalloc uint[4];
        table.Sight(Of(1), MarkOf(1), earlier, out _);

        for (var i = 100; i < 10_000; i++)
        {
            table.Sight(Of(i), MarkOf(i), earlier, out _);
            if (i % 5 == 0) table.Sight(Of(1), MarkOf(1), earlier, out _);
        }

        Assert.Equal((1, 1, 0), (table.Waiting(Of(1)), table.Waiting(Of(9_999)), table.Waiting(Of(100))));
        Assert.False(table.TryGetPopularity(Of(1), out _));
    }

    [Fact]
    public void SetPopularity_OfAnAdmittedFingerprint_IsReadBack()
    {
        var table = new FirstSeenTable(256);
        Span<uint> earlier = stackalloc uint[4];
        table.Sight(Of(1), MarkOf(1), earlier, out _);
        table.Sight(Of(1), MarkOf(2), earlier, out _);

        var known = table.TryGetPopularity(Of(1), out var atFirst);
        table.SetPopularity(Of(1), 77);
        table.TryGetPopularity(Of(1), out var later);

        Assert.True(known);
        Assert.Equal((2, 77), (atFirst, later));
    }

    /// <summary>Even numbers are template tokens, odd ones addresses.</summary>
    private static Fingerprint Of(int number) => new(number % 2 == 0 ? FingerprintKind.Template : FingerprintKind.Ip, 1, Traffic.Id(40, (ulong)number));

    private static uint MarkOf(int account) => FirstSeenTable.Mark(new AccountId(1, Traffic.Id(41, (ulong)account)));
}
