using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>What a call to an account costs beyond a call to a grain that does nothing: counted in bytes, which no load on the machine changes.</summary>
[Collection(Alone.Name)]
public sealed class CallCostTests
{
    private const int Calls = 500;
    private const int Rounds = 12;

    [Fact]
    public async Task ObserveAsync_OfWhatTheAccountShowedBefore_AllocatesLittleMoreThanABareCall()
    {
        await using var cluster = await TrackerCluster.StartAsync();
        var input = new Traffic(1).People(1, 4).Inputs.First(i => i.Type == ObservationType.Request);
        Message<Observation>[] observations = [.. Enumerable.Range(1, (Calls * Rounds) + 1).Select(i => new Message<Observation>(new Observation(input with { Time = input.Time + i, Request = (ulong)i })))];
        var account = cluster.Account(input.Account);
        var bare = cluster.Grains.GetGrain<IIdleGrain>(input.Account.ToString());
        await account.ObserveAsync(observations[^1]);
        await bare.ObserveAsync(observations[^1]);

        var least = (Account: long.MaxValue, Bare: long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var slice = observations.AsMemory(round * Calls, Calls);
            least = (Math.Min(least.Account, await AllocatedAsync(slice, account.ObserveAsync)), Math.Min(least.Bare, await AllocatedAsync(slice, bare.ObserveAsync)));
        }

        Assert.InRange((least.Account - least.Bare) / Calls, long.MinValue, 200);
    }

    private static async Task<long> AllocatedAsync(ReadOnlyMemory<Message<Observation>> observations, Func<Message<Observation>, ValueTask<VerdictReply>> call)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < observations.Length; i++) await call(observations.Span[i]);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}

/// <summary>Tests that count what the process allocates, while no other test runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>A grain with an account's method that does nothing.</summary>
[Alias("idle")]
public interface IIdleGrain : IGrainWithStringKey
{
    [Alias("observe")]
    ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation);
}

/// <inheritdoc cref="IIdleGrain"/>
internal sealed class IdleGrain : Grain, IIdleGrain
{
    public ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation) =>
        new(new VerdictReply { Verdict = Core.Verdict.Allow, DecisionNumber = 0, Durable = true, Campaign = 0, Score = 0, Duplicate = false, Reasons = [] });
}
