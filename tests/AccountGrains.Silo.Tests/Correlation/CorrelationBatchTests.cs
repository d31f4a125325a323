using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Correlation;

namespace AccountGrains.Silo.Tests.Correlation;

/// <summary>Accounts that report from many threads while epochs end.</summary>
public sealed class CorrelationBatchTests
{
    private const int Threads = 4;
    private const int Each = 15_000;
    private static readonly AccountState State = new(new AccountId(1, 1));

    [Fact]
    public async Task DrainTo_WhileAccountsReport_TakesEachReportOnce()
    {
        var batch = new CorrelationBatch();
        var drained = new List<(ulong Account, ulong Value)>();
        var writers = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Report(batch, thread), TestContext.Current.CancellationToken)));
        while (!writers.IsCompleted) drained.AddRange(Drain(batch));
        await writers;
        drained.AddRange(Drain(batch));

        Assert.Equal(Threads * Each, drained.Count);
        Assert.Equal(drained.Count, drained.Distinct().Count());
        Assert.All(drained, r => Assert.Equal(r.Account, r.Value));
        Assert.Equal((0, 0L), (batch.Depth, batch.Dropped));
    }

    [Fact]
    public void Add_BeyondTheLimit_IsCounted()
    {
        var batch = new CorrelationBatch();
        for (var i = 0; i < CorrelationBatch.Limit + 1; i++) Add(batch, 1, (ulong)i + 1);
        var target = new EpochBatch();
        var depth = batch.Depth;
        batch.DrainTo(target);

        Assert.True(batch.Dropped > 0);
        Assert.Equal(CorrelationBatch.Limit + 1, depth + batch.Dropped);
        Assert.Equal(depth, target.Reports.Count);
    }

    private static IEnumerable<(ulong Account, ulong Value)> Drain(CorrelationBatch batch)
    {
        var target = new EpochBatch();
        batch.DrainTo(target);
        return target.Reports.Select(r => ((ulong)r.Row.Account.Value, (ulong)r.Row.Value(0).Value));
    }

    private static void Report(CorrelationBatch batch, int thread)
    {
        for (var i = 0; i < Each; i++) Add(batch, (ulong)((thread * Each) + i + 1), (ulong)((thread * Each) + i + 1));
    }

    private static void Add(CorrelationBatch batch, ulong account, ulong address)
    {
        var input = new AccountInput { Type = ObservationType.Request, Account = new AccountId(1, account), Name = "a", Time = 1, Ip = address, KeyId = 1 };
        batch.Add(new Observation(input), State, new AccountOutcome { Reports = 1UL << ReportSet.Values });
    }
}
