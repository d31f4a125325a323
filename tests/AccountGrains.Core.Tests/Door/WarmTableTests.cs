using System.Text;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Door;

public sealed class WarmTableTests
{
    [Fact]
    public void Find_AfterAdd_IsTheValueOfThatKindOnly()
    {
        var table = new WarmTable(new SipKey(1, 2), 8);

        Put(table, 1, "a");

        Assert.Equal("a"u8, table.Find(1, "a"u8, out _)!.Raw);
        Assert.Null(table.Find(2, "a"u8, out _));
        Assert.Null(table.Find(1, "b"u8, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1_024)]
    public void Add_OfManyMoreThanItHolds_KeepsAtMostItsCapacity(int capacity)
    {
        var table = new WarmTable(new SipKey(1, 2), capacity);

        for (var i = 0; i < capacity * 20; i++) Put(table, 1, $"v{i}");

        var held = Enumerable.Range(0, capacity * 20).Count(i => table.Find(1, Encoding.UTF8.GetBytes($"v{i}"), out _) is not null);
        Assert.InRange(held, Math.Max(1, capacity / 4), capacity);
    }

    [Fact]
    public void Add_OfAFloodOfOthers_KeepsWhatIsUsed()
    {
        var table = new WarmTable(new SipKey(1, 2), 64);
        Put(table, 1, "warm");

        var misses = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (table.Find(1, "warm"u8, out _) is null) misses++;
            Put(table, 1, $"flood{i}");
        }

        Assert.Equal(0, misses);
    }

    [Fact]
    public void Add_OfHalfOfWhatItHolds_KeepsNearlyAll()
    {
        var table = new WarmTable(new SipKey(1, 2), 1_024);

        var misses = 0;
        for (var i = 0; i < 512 * 10; i++)
        {
            var raw = Encoding.UTF8.GetBytes($"v{i % 512}");
            if (table.Find(1, raw, out var tag) is not null) continue;
            misses++;
            if (table.IsWorthKeeping(tag)) table.Add(tag, new WarmValue(1, raw, default, default, null));
        }

        Assert.InRange(misses, 2 * 512, 2.5 * 512);
    }

    [Fact]
    public void IsWorthKeeping_OfAValueSeenOnce_IsFalse()
    {
        var table = new WarmTable(new SipKey(1, 2), 64);
        table.Find(1, "a"u8, out var tag);

        Assert.False(table.IsWorthKeeping(tag));
        Assert.True(table.IsWorthKeeping(tag));
    }

    private static void Put(WarmTable table, byte kind, string text)
    {
        var raw = Encoding.UTF8.GetBytes(text);
        table.Find(kind, raw, out var tag);
        table.Add(tag, new WarmValue(kind, raw, default, default, null));
    }
}
