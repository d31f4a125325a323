using Azure;
using Microsoft.Extensions.Time.Testing;
using Orleans.Persistence.AzureStorage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Tries, timeouts and pauses, by a clock that stands still.</summary>
public sealed class StoreCallsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly Meters _meters = new();
    private readonly StoreCalls _once;
    private int _calls;

    public StoreCallsTests() => _once = new StoreCalls(
        "s", new AzureStoragePolicyOptions { MaxOperationRetries = 0, BreakerThroughput = 4, BreakerPause = TimeSpan.FromSeconds(1) }, new StoreMetrics(_meters), _clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Call_ThatAlwaysFails_IsTriedAsOftenAsThePolicySays()
    {
        var calls = new StoreCalls("s", new AzureStoragePolicyOptions { MaxOperationRetries = 3, PauseBetweenOperationRetries = TimeSpan.Zero }, new StoreMetrics(_meters), _clock);

        await Assert.ThrowsAsync<RequestFailedException>(() => calls.RunAsync("x", Fail(503), Stop));

        Assert.Equal((4, 3), (_calls, _meters["accountgrains.azure.retries"]));
    }

    [Fact]
    public async Task Call_ThatTheCallerCancels_IsNotTriedAgain_AndSaysNothingAboutTheStore()
    {
        var calls = new StoreCalls("s", new AzureStoragePolicyOptions { MaxOperationRetries = 3, BreakerThroughput = 2 }, new StoreMetrics(_meters), _clock);
        for (var i = 0; i < 10; i++)
        {
            using var cancel = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls.RunAsync<int>("x", async token =>
            {
                _calls++;
                await cancel.CancelAsync();
                token.ThrowIfCancellationRequested();
                return 0;
            }, cancel.Token));
        }

        Assert.Equal(10, _calls);
        Assert.Equal(7, await calls.RunAsync("x", Answer(7), Stop));
    }

    [Fact]
    public async Task Store_WhoseCallsFail_GetsAPause_ThenOneProbe_AndTwiceThePauseAfterIt()
    {
        for (var i = 0; i < 4; i++) await FailAsync("503");
        await FailAsync("CircuitOpen");
        Assert.Equal(4, _calls);

        _clock.Advance(TimeSpan.FromMilliseconds(1300));
        await FailAsync("503");
        Assert.Equal(5, _calls);
        _clock.Advance(TimeSpan.FromMilliseconds(1300));
        await FailAsync("CircuitOpen");
        _clock.Advance(TimeSpan.FromMilliseconds(1300));
        Assert.Equal(7, await _once.RunAsync("x", Answer(7), Stop));

        Assert.Equal(7, await _once.RunAsync("x", Answer(7), Stop));
        Assert.Equal(2, _meters["accountgrains.azure.breaker.opened"]);
    }

    [Fact]
    public async Task Conflicts_AreNoTrouble()
    {
        for (var i = 0; i < 20; i++) await Assert.ThrowsAsync<RequestFailedException>(() => _once.RunAsync("x", Fail(412), Stop));

        Assert.Equal(20, _calls);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(400, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(409, false)]
    [InlineData(412, false)]
    [InlineData(413, false)]
    [InlineData(501, false)]
    public void Failure_IsPassing_OrLasting(int status, bool isPassing) =>
        Assert.Equal(isPassing, Failures.IsPassing(new RequestFailedException(status, "x")));

    private Func<CancellationToken, Task<int>> Fail(int status) => _ =>
    {
        _calls++;
        throw new RequestFailedException(status, "failed", $"{status}", null);
    };

    private Func<CancellationToken, Task<int>> Answer(int answer) => _ =>
    {
        _calls++;
        return Task.FromResult(answer);
    };

    private async Task FailAsync(string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RequestFailedException>(() => _once.RunAsync("x", Fail(503), Stop))).ErrorCode);
}
