using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;

namespace AccountGrains.Core.Tests.Correlation;

public sealed class PopulationTests
{
    private const long Generation = 14 * 86_400_000L;

    private static readonly Gen<(int Account, int Generation, bool SignedUp)[]> Sights = Gen.Select(Gen.Int[0, 500], Gen.Int[0, 3], Gen.Bool).Array[0, 200];

    [Fact]
    public void Merge_OfTwoSilos_IsThePopulationOfBothInEitherOrder() => Gen.Select(Sights, Sights).Sample(two =>
    {
        var first = Of(two.Item1);
        var second = Of(two.Item2);
        var both = Of([.. two.Item1, .. two.Item2]);

        first.Merge(Of(two.Item2));
        second.Merge(Of(two.Item1));

        Assert.Equal(Stored(both), Stored(first));
        Assert.Equal(Stored(both), Stored(second));
        Assert.Equal(both.View, first.View);
    });

    [Fact]
    public void View_OfTenThousandAccounts_IsWithinThreeStandardErrors()
    {
        var population = new Population();
        for (var i = 0; i < 10_000; i++) population.Add(Account(i), Traffic.Start, i % 4 == 0);

        var error = 3 * 1.04 / Math.Sqrt(Population.Registers);
        Assert.Equal(10_000, population.View.Active, 10_000 * error);
        Assert.Equal(2_500, population.View.SignedUp, 2_500 * error);
    }

    [Fact]
    public void View_AfterTwoSilentGenerations_ForgetsAccounts()
    {
        var population = new Population();
        population.Add(Account(1), Traffic.Start, true);
        population.Add(Account(2), Traffic.Start + Generation, false);
        var next = population.View;

        population.Add(Account(3), Traffic.Start + (2 * Generation), false);

        Assert.Equal(new PopulationView(2, 1), next);
        Assert.Equal(new PopulationView(2, 0), population.View);
    }

    [Fact]
    public void Read_OfWhatWasWritten_WritesTheSameBytes() => Sights.Sample(sights =>
    {
        var stored = Stored(Of(sights));
        var reader = new StateReader(stored);

        Assert.Equal(stored, Stored(Population.Read(ref reader)));
        Assert.Equal(0, reader.Remaining);
    });

    [Theory]
    [InlineData(0, 0xFF)]
    [InlineData(7, 0x7F)]
    [InlineData(8, 8)]
    public void Read_OfWhatIsNoPopulation_IsRefused(int at, byte value)
    {
        var stored = Stored(Of([(1, 0, true)]));
        if (at == 0) stored.AsSpan(0, 8).Fill(value);
        else stored[at] = value;

        Assert.Throws<InvalidDataException>(() => Read(stored));
    }

    private static Population Read(byte[] stored)
    {
        var reader = new StateReader(stored);
        return Population.Read(ref reader);
    }

    private static Population Of((int Account, int Generation, bool SignedUp)[] sights)
    {
        var population = new Population();
        foreach (var (account, generation, signedUp) in sights) population.Add(Account(account), Traffic.Start + (generation * Generation), signedUp);
        return population;
    }

    private static byte[] Stored(Population population)
    {
        var writer = new StateWriter();
        population.Write(writer);
        return writer.ToArray();
    }

    private static AccountId Account(int number) => new(1, Traffic.Id(41, (ulong)number));
}
