using System.Diagnostics.Metrics;
using AccountGrains.Silo.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>When the store counts as down, and when it does not.</summary>
public sealed class StoreHealthTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly StoreHealth _health;

    public StoreHealthTests() => _health = new StoreHealth(_clock, new StorageMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<StoreHealth>.Instance);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Call_AfterThreeWithoutAnswer_IsNotMade_ButForOneNowAndThenThatFindsTheStoreBack()
    {
        for (var i = 0; i < 3; i++) await NotAnsweredAsync();
        var made = 0;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(() => { made++; return Task.CompletedTask; }));
        var whileDown = made;
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await CallAsync(() => { made++; return Task.CompletedTask; });
        await CallAsync(() => { made++; return Task.CompletedTask; });

        Assert.Equal((0, 2, false), (whileDown, made, _health.IsDown));
    }

    [Fact]
    public async Task Call_WithoutAnswerWhileOthersHaveOne_DoesNotMakeTheStoreDown()
    {
        await CallAsync(() => Task.CompletedTask);
        for (var i = 0; i < 10; i++) await NotAnsweredAsync();

        Assert.False(_health.IsDown);
    }

    [Fact]
    public async Task Call_ThatIsAnsweredLate_BringsTheStoreBack()
    {
        var late = new TaskCompletionSource();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _health.CallAsync(_ => late.Task, Short, CancellationToken.None));
        for (var i = 0; i < 3; i++) await NotAnsweredAsync();
        var down = _health.IsDown;

        late.SetResult();
        await CallAsync(() => Task.CompletedTask);

        Assert.True(down);
        Assert.False(_health.IsDown);
    }

    [Fact]
    public async Task Call_ThatIsRefused_PassesTheReasonOn_AndIsAnAnswer()
    {
        for (var i = 0; i < 10; i++) Assert.Equal("full", (await Assert.ThrowsAsync<IOException>(() => CallAsync(() => Task.FromException(new IOException("full"))))).Message);

        Assert.False(_health.IsDown);
    }

    [Fact]
    public async Task Call_ThatTheProviderDidNotMake_IsNoAnswer()
    {
        for (var i = 0; i < 3; i++) await NotAnsweredAsync();
        _clock.Advance(TimeSpan.FromSeconds(1.1));

        await Assert.ThrowsAsync<RequestFailedException>(() => CallAsync(() => Task.FromException(new RequestFailedException(503, "not called", "CircuitOpen", null))));

        Assert.True(_health.IsDown);
    }

    [Fact]
    public async Task Call_ThatItsCallerGivesUp_SaysNothingOfTheStore()
    {
        using var stop = new CancellationTokenSource();
        var call = _health.CallAsync(token => Task.Delay(Timeout.Infinite, token), Long, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(_health.IsDown);
    }

    private Task CallAsync(Func<Task> call) => _health.CallAsync(_ => call(), Long, CancellationToken.None);

    /// <summary>The store's clock stands still unless a test moves it, so that what was answered was answered just now.</summary>
    private async Task NotAnsweredAsync() => await Assert.ThrowsAsync<StoreUnavailableException>(() => _health.CallAsync(_ => new TaskCompletionSource().Task, Short, CancellationToken.None));
}
