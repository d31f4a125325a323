using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>How many calls a store gets at a time.</summary>
public sealed class CallLimitTests : IDisposable
{
    private const int Most = 16;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(1);
    private readonly FakeTimeProvider _clock = new();
    private readonly CallLimit _limit;

    public CallLimitTests() => _limit = new CallLimit(Most, Slow, _clock);

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Enter_OfMoreThanTheMost_FindsNoRoomUntilOneLeaves()
    {
        await EnterAsync(Most);

        Assert.False(await TryEnterAsync());
        _limit.Leave(Quick, succeeded: true);
        Assert.True(await TryEnterAsync());
        Assert.False(await TryEnterAsync());
    }

    [Fact]
    public async Task Leave_OfAllAfterSlowAnswers_CutsOnceForThemAll()
    {
        await EnterAsync(Most);

        for (var i = 0; i < Most; i++) _limit.Leave(2 * Slow, succeeded: true);

        Assert.Equal(12, _limit.Current);
        await EnterAsync(12);
        Assert.False(await TryEnterAsync());
    }

    [Fact]
    public async Task Leave_AfterSlowAnswersForLong_StillLeavesRoomForFour()
    {
        for (var i = 0; i < 100; i++)
        {
            await EnterAsync(1);
            _limit.Leave(2 * Slow, succeeded: false);
            _clock.Advance(2 * Slow);
        }

        Assert.Equal(4, _limit.Current);
        await EnterAsync(4);
        Assert.False(await TryEnterAsync());
    }

    [Fact]
    public async Task Leave_AfterQuickAnswers_MakesRoomAgain_ButNotAfterFailures()
    {
        await EnterAsync(1);
        _limit.Leave(2 * Slow, succeeded: true);

        for (var i = 0; i < 1_000; i++) await PassAsync(succeeded: false);
        var afterFailures = _limit.Current;
        for (var i = 0; i < 1_000; i++) await PassAsync(succeeded: true);

        Assert.Equal((12, Most), (afterFailures, _limit.Current));
        await EnterAsync(Most);
        Assert.False(await TryEnterAsync());
    }

    private async Task PassAsync(bool succeeded)
    {
        await EnterAsync(1);
        _limit.Leave(Quick, succeeded);
    }

    private async Task EnterAsync(int count)
    {
        for (var i = 0; i < count; i++) Assert.True(await TryEnterAsync());
    }

    private Task<bool> TryEnterAsync() => _limit.EnterAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
}
