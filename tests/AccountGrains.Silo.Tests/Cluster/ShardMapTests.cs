using System.Net;
using AccountGrains.Silo.Correlation;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class ShardMapTests
{
    private static readonly SiloAddress[] Silos = [.. Enumerable.Range(1, 5).Select(i => SiloAddress.New(IPAddress.Loopback, 11_000 + i, 1))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Spread_OverSilos_GivesEachAsManyAsAnyOtherOrOneMore(int count)
    {
        var owners = ShardMap.Spread(new SiloAddress?[32], Silos[..count]);

        Assert.All(owners.GroupBy(o => o), g => Assert.InRange(g.Count(), 32 / count, (32 + count - 1) / count));
        Assert.Equal(count, owners.Distinct().Count());
    }

    [Fact]
    public void Spread_WithoutAChangeOfSilos_MovesNothing()
    {
        var owners = ShardMap.Spread(new SiloAddress?[32], Silos[..3]);

        Assert.Equal(owners, ShardMap.Spread(owners, Silos[..3]));
    }

    [Fact]
    public void Spread_WhenASiloComesOrGoes_MovesNoMoreThanItsShare()
    {
        var three = ShardMap.Spread(new SiloAddress?[32], Silos[..3]);

        var four = ShardMap.Spread(three, Silos[..4]);
        var two = ShardMap.Spread(three, Silos[..2]);

        Assert.Equal(8, four.Zip(three).Count(p => !p.First.Equals(p.Second)));
        Assert.All(four.Zip(three).Where(p => !p.First.Equals(p.Second)), p => Assert.Equal(Silos[3], p.First));
        Assert.All(two.Zip(three).Where(p => !p.First.Equals(p.Second)), p => Assert.Equal(Silos[2], p.Second));
    }
}
