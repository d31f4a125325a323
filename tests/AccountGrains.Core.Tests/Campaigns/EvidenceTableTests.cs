using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class EvidenceTableTests
{
    private const int Limit = 40;

    [Fact]
    public void Shared_AfterManyChanges_IsWhatAtLeastTwoHave()
    {
        var random = new Random(3);
        var (table, other) = (new EvidenceTable(Limit, Limit), new EvidenceTable(Limit, Limit));
        for (var step = 0; step < 20_000; step++)
        {
            var (value, member) = (random.Next(120), (uint)random.Next(1, 6));
            switch (random.Next(200))
            {
                case < 190: (random.Next(3) > 0 ? table : other).Add(Value(value), member, step); break;
                case < 196: table.Forget(member); break;
                case < 199: table.Trim(step, Policy.Default with { EvidenceExpiry = 500 }); break;
                default:
                    table.Merge(other);
                    other = new EvidenceTable(Limit, Limit);
                    break;
            }

            if (step % 7 == 0) Assert.Equal(SharedOf(table), table.Shared.Select(e => e.Fingerprint).Order());
        }

        Assert.Equal(SharedOf(table), table.Shared.Select(e => e.Fingerprint).Order());
        Assert.NotEmpty(table.Shared);
    }

    [Fact]
    public void LiftVetoes_OfWhatCameFromAnotherTable_LetsItCountAgain()
    {
        var (table, other) = (new EvidenceTable(Limit, Limit), new EvidenceTable(Limit, Limit));
        other.Add(Value(1), 1, 1);
        other.Veto(other.Entries.Single());
        table.Merge(other);

        table.LiftVetoes();

        Assert.False(Assert.Single(table.Entries).Vetoed);
    }

    private static Fingerprint Value(int number) => new(number % 2 == 0 ? FingerprintKind.Payment : FingerprintKind.Template, 1, (UInt128)(ulong)(number + 1));

    private static IEnumerable<Fingerprint> SharedOf(EvidenceTable table) => table.Entries.Where(e => e.Holders.Count >= 2).Select(e => e.Fingerprint).Order();
}
