using AccountGrains.Silo.Door;

namespace AccountGrains.Silo.Tests.Door;

public sealed class TickerTests
{
    [Fact]
    public async Task Dispose_WaitsForTheLookThatIsUnderWay()
    {
        using var goOn = new ManualResetEventSlim();
        var looks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ticker = new Ticker("Test", TimeSpan.FromMilliseconds(1), () =>
        {
            looks.TrySetResult();
            goOn.Wait();
        });
        await looks.Task;

        var disposing = Task.Factory.StartNew(ticker.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(disposing.IsCompleted);
        goOn.Set();

        await disposing;
    }

    [Fact]
    public async Task Looks_GoOnUntilItIsDisposed()
    {
        var several = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var looks = 0;

        using var ticker = new Ticker("Test", TimeSpan.FromMilliseconds(1), () =>
        {
            if (++looks == 3) several.SetResult();
        });

        await several.Task;
    }
}
