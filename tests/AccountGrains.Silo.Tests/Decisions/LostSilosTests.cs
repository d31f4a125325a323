using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.Decisions;

/// <summary>No account is loaded without what a silo decided that was lost.</summary>
public sealed class LostSilosTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly LastVerdicts _verdicts = new(100);
    private readonly Log _log = new();

    [Fact]
    public async Task CaughtUp_WhileTheLogCannotBeRead_Fails_AndAsksForItNoMoreThanOnceASecond()
    {
        using var losses = Losses(isOneLost: true);
        _log.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => losses.CaughtUpAsync(Stop).AsTask());
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<StoreUnavailableException>(() => losses.CaughtUpAsync(Stop).AsTask());
        var readings = _log.Readings;
        _log.Fails = false;
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await losses.CaughtUpAsync(Stop);

        Assert.Equal(1, readings);
        Assert.Equal(7, _verdicts.Find(Account(1))!.Number);
    }

    [Fact]
    public async Task CaughtUp_WhenNoSiloIsLost_DoesNotAskTheLog()
    {
        using var losses = Losses(isOneLost: false);

        await losses.CaughtUpAsync(Stop);

        Assert.Equal(0, _log.Readings);
    }

    private LostSilos Losses(bool isOneLost)
    {
        var cluster = new FakeMembership();
        if (isOneLost) cluster.Lose();
        return new LostSilos(_log, _verdicts, cluster, cluster, _clock, NullLogger<LostSilos>.Instance);
    }

    /// <summary>What the lost silo stored last is in it.</summary>
    private sealed class Log : IDecisionLog
    {
        public bool Fails { get; set; }

        public int Readings { get; private set; }

        public ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken)
        {
            Readings++;
            if (Fails) throw new IOException("The log is away.");
            return new([new LoggedDecision(1, Of(1, 7))]);
        }

        public ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<Decision> LoadLatestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> EndAsync(CancellationToken cancellationToken) => new(0);
    }
}
