using AccountGrains.Core.Decisions;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Tests.Epochs;

public sealed class ShardTests
{
    [Theory]
    [InlineData(1 << 12)]
    [InlineData(1 << 16)]
    public void Read_OfEveryShardAfterEveryEpoch_ChangesNothing(int capacity)
    {
        var inputs = Traffic.Mixed(6, 3 * Traffic.Hour).Inputs.ToList();
        var expected = new Replay(inputs, firstSeenCapacity: capacity);

        var moved = new Replay([], firstSeenCapacity: capacity);
        foreach (var epoch in inputs.GroupBy(i => Epoch.Of(i.Time, 60_000)))
        {
            moved.Observe([.. epoch]);
            Move(moved.Engine.Site.Shards);
        }

        Assert.NotEmpty(expected.Active);
        Assert.Equal(expected.Stored, moved.Stored);
        Assert.Equal(expected.Decisions.Select(DecisionCodec.Write), moved.Decisions.Select(DecisionCodec.Write));
    }

    /// <summary>Every shard goes over the wire.</summary>
    private static void Move(ShardSet shards)
    {
        foreach (var number in shards.Numbers)
        {
            var writer = new StateWriter();
            shards.Release(number)!.Write(writer);
            var sent = writer.ToArray();
            var reader = new StateReader(sent);
            var shard = CorrelationShard.Read(ref reader);
            Assert.Equal(0, reader.Remaining);
            var again = new StateWriter();
            shard.Write(again);
            Assert.Equal(sent, again.ToArray());
            shards.Adopt(number, shard);
        }
    }
}
