using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;

namespace AccountGrains.Core.Tests.Correlation;

/// <summary>The last sighting of each of the most recent accounts, against a naive table and queue.</summary>
public sealed class RecentSightingsTests
{
    private const int Capacity = 70;
    private static readonly Gen<(int Account, int Time)[]> Sights = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 60]).Array[1, 300];

    [Fact]
    public void Find_AfterAnything_GivesWhatANaiveTableKeeps() => Sights.Sample(sights =>
    {
        var recent = new RecentSightings(Capacity);
        var naive = Fill(recent, sights);

        for (var account = 0; account <= 40; account++)
        {
            var expected = naive.GetValueOrDefault(account);
            var shown = expected?.Token(0) ?? Sightings.Head;
            Assert.Equal(expected?.Time, recent.Find(MarkOf(account), shown) is { IsNone: false } found ? found.Row.Time : null);
        }

        Assert.Equal(naive.Count, recent.Count);
    });

    [Fact]
    public void Read_OfWhatWasWritten_GoesOnAsTheFirst() => Sights.Sample(sights =>
    {
        var recent = new RecentSightings(Capacity);
        Fill(recent, sights);
        var reader = new StateReader(BytesOf(recent));
        var again = RecentSightings.Read(ref reader, Capacity);
        Assert.Equal(BytesOf(recent), BytesOf(again));

        Fill(recent, sights);
        Fill(again, sights);

        Assert.Equal(BytesOf(recent), BytesOf(again));
    });

    [Fact]
    public void OldestEpoch_MovesOnWhenAllOfAnEpochFellOut()
    {
        var recent = new RecentSightings(capacity: 10);
        var oldest = new List<long>();
        for (var epoch = 1; epoch <= 6; epoch++)
        {
            for (var i = 0; i < 4; i++) Add(recent, (epoch * 4) + i, epoch);
            recent.EndEpoch(epoch);
            oldest.Add(recent.OldestEpoch);
        }

        Assert.Equal([1, 1, 1, 2, 3, 4], oldest);
    }

    [Fact]
    public void Detach_OfAnEpoch_KeepsWhatItShowed_WithoutItsRows()
    {
        var recent = new RecentSightings(capacity: 100);
        var stores = new SightingStore[5];
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            stores[epoch] = new SightingStore();
            for (var i = 0; i < 30; i++) recent.Add(stores[epoch].Add(Sightings.Of((epoch * 30) + i).Row), MarkOf((epoch * 30) + i));
            recent.EndEpoch(epoch);
        }

        recent.Detach(2);
        foreach (var rows in stores[1].All.Concat(stores[2].All)) rows.Return();

        Assert.Equal((3L, 100), (recent.OldestEpoch, recent.Count));
        Assert.All(Enumerable.Range(50, 100), i => Assert.Equal(Sightings.Of(i).Account, recent.Find(MarkOf(i), Sightings.Of(i).Token(0)).Row.Account));
        Assert.All(Enumerable.Range(30, 20), i => Assert.True(recent.Find(MarkOf(i), Sightings.Of(i).Token(0)).IsNone));
    }

    [Fact]
    public void OldestEpoch_OfNoneThatCameInAnEpoch_HoldsNothing()
    {
        var recent = new RecentSightings();
        recent.EndEpoch(1);

        Assert.Equal(long.MaxValue, recent.OldestEpoch);
    }

    private static Dictionary<int, Sighting> Fill(RecentSightings recent, (int Account, int Time)[] sights)
    {
        var last = new Dictionary<int, Sighting>();
        var order = new Queue<(int Account, Sighting Sighting)>();
        foreach (var (account, time) in sights)
        {
            var sighting = Add(recent, account, time);
            if (last.TryGetValue(account, out var known) && known.Time >= sighting.Time) continue;
            last[account] = sighting;
            order.Enqueue((account, sighting));
            if (order.Count <= Capacity) continue;
            var (oldest, gone) = order.Dequeue();
            if (ReferenceEquals(last.GetValueOrDefault(oldest), gone)) last.Remove(oldest);
        }

        return last;
    }

    private static Sighting Add(RecentSightings recent, int account, int time)
    {
        var sighting = Sightings.Of(account, time: Traffic.Start + time);
        recent.Add(SightingRows.Of(sighting), MarkOf(account));
        return sighting;
    }

    private static uint MarkOf(int account) => FirstSeenTable.Mark(Sightings.Of(account).Account);

    private static byte[] BytesOf(RecentSightings recent)
    {
        var writer = new StateWriter(256);
        recent.Write(writer);
        return writer.ToArray();
    }
}
