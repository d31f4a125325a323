namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Notices that the process stood still: it was stopped, or its machine was. By then the others may have declared it dead and its grains may live elsewhere,
/// so the cluster is asked before anything is stored. A silo that learns there that it is dead ends at once.
/// </summary>
internal sealed partial class Standstill(IClusterMembershipService membership, TimeProvider clock, ILogger<Standstill> logger)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private long _ticked = clock.GetTimestamp();
    private Task? _asking;

    /// <summary>Ends when it is known that this silo is still one of the cluster; at once unless the process stood still.</summary>
    public ValueTask CheckAsync()
    {
        var stood = clock.GetElapsedTime(Volatile.Read(ref _ticked));
        return stood < Limit ? ValueTask.CompletedTask : new ValueTask(AskOnceAsync(stood));
    }

    /// <summary>Watches until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Volatile.Write(ref _ticked, clock.GetTimestamp());
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                await CheckAsync().ConfigureAwait(false);
                Volatile.Write(ref _ticked, clock.GetTimestamp());
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            // What is stored at the end is not checked: nobody looks at the time any more.
            Volatile.Write(ref _ticked, long.MaxValue);
        }
    }

    /// <summary>One asks for all who wait to write.</summary>
    private Task AskOnceAsync(TimeSpan stood)
    {
        lock (_lock) return _asking is { IsCompleted: false } asking ? asking : _asking = AskAsync(stood);
    }

    private async Task AskAsync(TimeSpan stood)
    {
        StoodStill(stood.TotalSeconds);
        try
        {
            await membership.Refresh().AsTask().WaitAsync(Longest, clock).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            NotAsked(e);
        }
    }

    [LoggerMessage(1400, LogLevel.Warning, "The process stood still for {Seconds} s; the cluster is asked whether it still belongs to it before anything is stored")]
    private partial void StoodStill(double seconds);

    [LoggerMessage(1401, LogLevel.Warning, "The cluster could not be asked")]
    private partial void NotAsked(Exception exception);
}
