using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Notices that the process stood still: it was stopped, or its machine was. By then the others may have declared it dead and its grains may live elsewhere,
/// so the cluster is asked before anything is stored, and until it has answered nothing is. A silo that learns there that it is dead ends, which takes seconds
/// on a machine that has enough to do: it stores nothing in them either.
/// </summary>
internal sealed partial class Standstill(IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider clock, ILogger<Standstill> logger)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private long _ticked = clock.GetTimestamp();
    private Task? _asking;

    /// <summary>Ends when it is known that this silo is still one of the cluster; at once unless the process stood still.</summary>
    /// <exception cref="StoreUnavailableException">It is none any more, or the cluster cannot be asked: what was to be stored is tried again.</exception>
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
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await TickAsync().ConfigureAwait(false);
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

    /// <summary>Looks at the time, and asks the cluster when too much of it went by since the last look.</summary>
    public async Task TickAsync()
    {
        try
        {
            await CheckAsync().ConfigureAwait(false);
            Volatile.Write(ref _ticked, clock.GetTimestamp());
        }
        catch (StoreUnavailableException)
        {
            // Nothing is stored until the cluster says that it may be.
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
            throw new StoreUnavailableException("The process stood still, and the cluster cannot be asked whether it still belongs to it.", e);
        }

        if (membership.CurrentSnapshot.GetSiloStatus(local.SiloAddress) == SiloStatus.Dead) throw new StoreUnavailableException("The process stood still, and the cluster goes on without it.");
    }

    [LoggerMessage(1400, LogLevel.Warning, "The process stood still for {Seconds} s; the cluster is asked whether it still belongs to it before anything is stored")]
    private partial void StoodStill(double seconds);

    [LoggerMessage(1401, LogLevel.Warning, "The cluster could not be asked; nothing is stored until it can")]
    private partial void NotAsked(Exception exception);
}
