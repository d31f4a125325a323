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
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private long _ticked = clock.GetTimestamp();
    private Task? _asking;
    private long _refused;

    /// <summary>Ends when it is known that this silo is still one of the cluster; at once unless the process stood still.</summary>
    /// <exception cref="StoreUnavailableException">It is none any more, or the cluster cannot be asked. Then it is asked again after a second, and what was to be stored can be tried again.</exception>
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
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await LookAsync(clock.GetTimestamp()).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        // Nobody looks at the time any more while it stops: what stood still until now is found out here, and may store nothing then either.
        await LookAsync(long.MaxValue).ConfigureAwait(false);
    }

    /// <summary>Looks at the time, and asks the cluster when too much of it went by since the last look.</summary>
    /// <param name="now">From when on time counts that goes by from here; not from the answer on, since the process may have stood still once more until that.</param>
    internal async Task LookAsync(long now)
    {
        try
        {
            await CheckAsync().ConfigureAwait(false);
            Volatile.Write(ref _ticked, now);
        }
        catch (StoreUnavailableException)
        {
            // Nothing is stored until the cluster says that it may be.
        }
    }

    /// <summary>One asks for all who wait to write, and a refusal holds for all who come within a second.</summary>
    private Task AskOnceAsync(TimeSpan stood)
    {
        lock (_lock)
        {
            var isValid = _asking is { } last && (!last.IsCompleted || (last.IsFaulted && clock.GetElapsedTime(_refused) < Pause));
            return isValid ? _asking! : _asking = AskAsync(stood, isFirst: _asking is not { IsFaulted: true });
        }
    }

    private async Task AskAsync(TimeSpan stood, bool isFirst)
    {
        if (isFirst) StoodStill(stood.TotalSeconds);
        var began = clock.GetTimestamp();
        try
        {
            await membership.Refresh().AsTask().WaitAsync(Longest, clock).ConfigureAwait(false);

            // Whoever stood still until the answer was there knows what was so before that.
            if (clock.GetElapsedTime(began) > Longest) throw new TimeoutException("The cluster's answer is too old.");
            if (membership.CurrentSnapshot.GetSiloStatus(local.SiloAddress) == SiloStatus.Dead) throw new InvalidOperationException("The cluster goes on without this silo.");
        }
        catch (Exception e)
        {
            _refused = clock.GetTimestamp();
            if (isFirst) Refused(e);
            throw new StoreUnavailableException("The process stood still, and it is not known that the cluster still counts on it.", e);
        }

        if (!isFirst) GoesOn();
    }

    [LoggerMessage(1400, LogLevel.Warning, "The process stood still for {Seconds} s; the cluster is asked whether it still belongs to it before anything is stored")]
    private partial void StoodStill(double seconds);

    [LoggerMessage(1401, LogLevel.Warning, "The cluster did not say that this silo still belongs to it; nothing is stored until it does")]
    private partial void Refused(Exception exception);

    [LoggerMessage(1402, LogLevel.Information, "The cluster counts on this silo; what waits is stored")]
    private partial void GoesOn();
}
