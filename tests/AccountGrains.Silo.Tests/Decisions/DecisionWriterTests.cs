using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Hosting;
using AccountGrains.Silo.Tests.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.Decisions;

/// <summary>What becomes of decisions when the store takes none for long.</summary>
public sealed class DecisionWriterTests
{
    private const int Room = 100_000;

    [Fact]
    public async Task Add_WithoutRoom_IsRefused_AndNotTakenForStored_UntilItIsAddedAgain()
    {
        var log = new Log();
        await using var writer = new DecisionWriter(log, new LastVerdicts(10), TimeProvider.System, NullLogger<DecisionWriter>.Instance);
        var number = 0;
        var refused = writer.Add(Of(1, ++number));
        while (!refused.Refused && number < 2 * Room) refused = writer.Add(Of(1, ++number));

        var found = writer.Find(Account(1));
        log.Open.SetResult();
        await writer.DrainAsync(Stop);
        var before = log.Last;
        var again = writer.Add(Of(1, number));
        await writer.DrainAsync(Stop);

        Assert.InRange(number, Room, Room + 2_000);
        Assert.Same(refused, found);
        Assert.Equal((false, true, true), (refused.Stored, again.Stored, writer.Lost == 1));
        Assert.Equal((number - 1, number), (before, log.Last));
        Assert.Null(writer.Find(Account(1)));
    }

    [Fact]
    public async Task Add_AfterAStandstill_IsStoredWhenTheClusterSaysThatItMayBe()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var cluster = new FakeMembership { Status = SiloStatus.Dead };
        var log = new Log();
        log.Open.SetResult();
        var standstill = new Standstill(cluster, cluster, clock, NullLogger<Standstill>.Instance);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => standstill.CheckAsync().AsTask());
        using var logged = new LogCapture();
        using var loggers = new LoggerFactory([logged]);
        await using var writer = new DecisionWriter(log, new LastVerdicts(10), TimeProvider.System, loggers.CreateLogger<DecisionWriter>(), standstill);

        var ticket = writer.Add(Of(1, 1));
        await logged.First.WaitAsync(Stop);
        var before = (ticket.Stored, log.Last);
        cluster.Status = SiloStatus.Active;
        clock.Advance(TimeSpan.FromSeconds(1.1));
        await writer.DrainAsync(Stop);

        Assert.Equal((false, 0), before);
        Assert.Equal((true, 1), (ticket.Stored, log.Last));
    }

    /// <summary>Takes nothing until it is opened.</summary>
    private sealed class Log : IDecisionLog
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Last { get; private set; }

        public async ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
        {
            await Open.Task;
            Last = batch[^1].Number;
        }

        public ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<Decision> LoadLatestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> EndAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
