using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;
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
