using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>When lists that are filled in each epoch give back room.</summary>
public sealed class IdleRoomTests
{
    [Fact]
    public void IsIdle_AfterManyEpochsOfLittleTraffic_AndNotBefore()
    {
        var room = new IdleRoom(smallest: 10);

        var idle = Enumerable.Range(0, 1_000).Select(_ => room.IsIdle(used: 3, capacity: 100)).ToList();

        Assert.InRange(idle.Count(i => i), 1, 10);
        Assert.DoesNotContain(true, idle.Take(100));
    }

    [Fact]
    public void IsIdle_WithABusyEpochNowAndThen_Never()
    {
        var room = new IdleRoom(smallest: 10);

        Assert.DoesNotContain(true, Enumerable.Range(0, 1_000).Select(i => room.IsIdle(used: i % 50 == 0 ? 90 : 3, capacity: 100)));
    }

    /// <summary>One epoch with a great deal in it, and then little: both of the lists that take turns give their room back.</summary>
    [Fact]
    public void TakeReports_AfterABurst_KeepsLittle()
    {
        var inbox = new ShardInbox();
        var sighting = Sighting.Of(new AccountInput { Type = ObservationType.Request, Account = new AccountId(1, 1), Name = "a", Time = 1 }, 0, 0, 0);
        void Fill(int count)
        {
            for (var i = 1; i <= count; i++) inbox.Add(BatchReport.Of(new Fingerprint(FingerprintKind.Ip, 1, (UInt128)(uint)i), new Report(sighting, 0)));
        }

        Fill(100_000);
        inbox.TakeReports();
        var capacities = new List<int>();
        for (var i = 0; i < 2_000; i++)
        {
            Fill(10);
            capacities.Add(inbox.TakeReports().Capacity);
        }

        Assert.True(capacities[0] < 100_000 && capacities[1] >= 100_000);
        Assert.All(capacities[^2..], c => Assert.InRange(c, 0, 10_000));
    }
}
