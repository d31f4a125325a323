using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using CsCheck;

namespace AccountGrains.Core.Tests.Correlation;

public sealed class LikelihoodTests
{
    private static readonly Gen<(int Holders, int Others)> Populations = Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 1_000_000]);

    [Fact]
    public void SharingWeight_WithOneMoreInnocentHolder_NeverRises() => Populations.Sample(one =>
    {
        double n = one.Holders, population = one.Holders + one.Others;

        var before = Likelihood.SharingWeight(n, population, 0.9);

        Assert.True(one.Others == 0 || Likelihood.SharingWeight(n + 1, population, 0.9) <= before);
        Assert.True(Likelihood.SharingWeight(n + 1, population + 1, 0.9) <= before);
    });

    [Fact]
    public void Membership_WithOneMoreHolderOutside_NeverRises() => Gen.Select(Gen.Int[1, 200], Gen.Int[0, 200], Populations).Sample(one =>
    {
        double k = one.Item1, members = k + one.Item2, outside = one.Item3.Holders, population = members + outside + one.Item3.Others;

        var before = Likelihood.Membership(k, members, outside, population, 8);

        Assert.True(one.Item3.Others == 0 || Likelihood.Membership(k, members, outside + 1, population, 8) <= before);
        Assert.True(Likelihood.Membership(k, members, outside + 1, population + 1, 8) <= before);
    });

    [Fact]
    public void WeightIn_AsInnocentHoldersCome_NeverRises() => Gen.Select(Gen.ULong, Gen.Int[100, 100_000]).Sample(one =>
    {
        var state = new FingerprintState(new Fingerprint(FingerprintKind.Ip, 1, one.Item1 | 1));
        var population = new PopulationView(one.Item2, 0);
        var before = double.MaxValue;
        for (var i = 0; i < 300; i++)
        {
            state.Seed([(uint)Mixing.Join(one.Item1, (ulong)i)]);
            var weight = state.WeightIn(population, Policy.Default);

            Assert.True(weight <= before, $"{i}: {before} to {weight}");
            before = weight;
        }
    }, iter: 50);

    [Fact]
    public void WeightIn_AsHoldersComeThatAreNewToThePopulation_NeverRisesWhileTheCountIsExact() => Gen.Select(Gen.ULong, Gen.Int[0, 100_000]).Sample(one =>
    {
        var state = new FingerprintState(new Fingerprint(FingerprintKind.Ip, 1, one.Item1 | 1));
        var before = double.MaxValue;
        for (var i = 0; i < 32; i++)
        {
            state.Seed([(uint)Mixing.Join(one.Item1, (ulong)i)]);
            var weight = state.WeightIn(new PopulationView(one.Item2 + i, 0), Policy.Default);

            Assert.True(weight <= before);
            before = weight;
        }
    }, iter: 50);

    [Fact]
    public void Surprise_AtOrBelowWhatWasExpected_IsZero()
    {
        Assert.Equal(0, Likelihood.Surprise(3, 3));
        Assert.Equal(0, Likelihood.Surprise(1, 3));
        Assert.Equal((10 * Math.Log(5)) - 8, Likelihood.Surprise(10, 2), 1e-12);
    }

    [Fact]
    public void Enrichment_OfACohortWithTheSharesOfOthers_IsZero()
    {
        Assert.Equal(0, Likelihood.Enrichment(5, 50, 0.1));
        Assert.Equal(5 * Math.Log(100), Likelihood.Enrichment(5, 5, 0.01), 1e-12);
        Assert.Equal(4.0, Likelihood.EffectiveNumber(20, 100));
    }
}
