using AccountGrains.Silo.Door;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// Stores what accounts and fingerprints changed: every dirty grain registers once, is asked to write after the interval, more or less a quarter of it, and
/// registers again when it changes again. No more than so many are asked in a second, so that a store that comes back is not overrun; when the store does not
/// keep up, or verdicts wait for what storing takes, the interval stretches. A crash loses at most what <see cref="OldestAge"/> says, and what was left for grains by others, see <see cref="Expect"/>.
/// </summary>
internal sealed partial class FlushScheduler(TimeProvider clock, FlushOptions options, StoreHealth health, PoolWait wait, ILogger<FlushScheduler> logger)
{
    /// <summary>How many grains try whether a store that does not answer is back.</summary>
    private const int Probes = 4;

    /// <summary>How many intervals what was left for a grain waits, a minute by default.</summary>
    private const int Patience = 12;

    /// <summary>How long the others wait for one that does not end: longer than a store takes within its default limits.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly DirtyGrains _dirty = new();
    private readonly FlushPace _pace = new(options.MaxPerSecond, options.Tick, options.Interval);
    private long _lost;

    /// <summary>The number of grains with changes that are not stored, without those that were only left something.</summary>
    public int Count => _dirty.Count;

    /// <summary>How many grains went with changes that could not be stored: those are gone.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>The age of the oldest change that is not stored.</summary>
    public TimeSpan OldestAge => TimeSpan.FromMilliseconds(_dirty.OldestSince is { } oldest ? Math.Max(0, Now - oldest) : 0);

    /// <summary>How long a change waits now: the interval that is configured, or a multiple of it while the store does not keep up.</summary>
    public TimeSpan Interval => options.Interval * _pace.Stretch;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Registers a grain that has something to store.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="atOnce">It does not wait for the interval, but for those that should have been stored before, and for those that <see cref="Hurry"/>.</param>
    public void Register(DirtyGrain grain, bool atOnce = false)
    {
        var now = Now;
        _dirty.Add(grain, now, atOnce ? now : now + WaitOf(grain));
    }

    /// <summary>
    /// Registers a grain that somebody left something for, which it takes in and stores with its next change; when there is none it is asked to by itself, later than for a change: each write
    /// of an account that does nothing is one that another waits for.
    /// </summary>
    public void Expect(DirtyGrain grain)
    {
        var later = WaitOf(grain);
        _dirty.Add(grain, since: 0, Now + Math.Max(later, later * Patience / _pace.Stretch));
    }

    /// <summary>Counts a grain that goes with changes that could not be stored.</summary>
    public void Lose() => Interlocked.Increment(ref _lost);

    /// <summary>Has a registered grain stored at the next look, and not after the interval: it decided something.</summary>
    public void Hurry(DirtyGrain grain) => _dirty.Hurry(grain);

    /// <summary>Notes that a grain stored everything.</summary>
    public void Forget(DirtyGrain grain) => _dirty.Remove(grain, isGone: false);

    /// <summary>Notes that a grain goes: it is not asked any more.</summary>
    public void Leave(DirtyGrain grain) => _dirty.Remove(grain, isGone: true);

    /// <summary>Stores what is due until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await FlushDueAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Stores what is due now, as much of it as the pace allows.</summary>
    public async Task FlushDueAsync()
    {
        var now = Now;
        var allowance = _pace.AllowanceAt(wait.Share);
        var due = _dirty.TakeDue(now, health.IsDown ? Math.Min(Probes, allowance) : allowance);
        var late = now - (_dirty.NextDue is { } next ? Math.Min(next, now) : now);
        var failed = 0;
        try
        {
            failed = await FlushAsync(due).WaitAsync(Longest, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They end by themselves, and are asked again after that; whoever else is due is not kept waiting.
            FlushIsSlow(Longest.TotalSeconds);
        }

        if (_pace.Adjust(now, late, failed: failed > 0 && failed == due.Count)) PaceChanged(Interval.TotalSeconds, Count);
    }

    /// <summary>Stores everything now.</summary>
    public Task FlushAllAsync() => FlushAsync(_dirty.TakeDue(long.MaxValue, int.MaxValue));

    private async Task<int> FlushAsync(List<DirtyGrain> due)
    {
        if (due.Count == 0) return 0;
        var failed = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (grain, _) =>
        {
            try
            {
                await grain.Grain.AskToFlushAsync().ConfigureAwait(false);
                _dirty.End(grain);
            }
            catch (Exception e)
            {
                if (Interlocked.Increment(ref failed) == 1) FlushFailed(e);
                _dirty.TryAgain(grain, Now + WaitOf(grain));
            }
        }).ConfigureAwait(false);
        return failed;
    }

    private long WaitOf(DirtyGrain grain)
    {
        var interval = (long)Interval.TotalMilliseconds;
        return interval == 0 ? 0 : interval + (grain.Grain.Id.GetUniformHashCode() % interval / 2) - (interval / 4);
    }

    [LoggerMessage(1010, LogLevel.Warning, "States were not stored; they are tried again after the flush interval")]
    private partial void FlushFailed(Exception exception);

    [LoggerMessage(1017, LogLevel.Warning, "Some states are not stored after {Seconds} s; the others go on without them")]
    private partial void FlushIsSlow(double seconds);

    [LoggerMessage(1014, LogLevel.Warning, "Changes now wait {Seconds} s before they are stored; {Count} wait")]
    private partial void PaceChanged(double seconds, int count);
}

/// <summary>How writing behind goes.</summary>
/// <param name="Interval">How long a change may wait.</param>
/// <param name="Tick">How often due grains are looked for.</param>
/// <param name="Parallel">How many grains are asked to write at a time.</param>
/// <param name="MaxPerSecond">How many grains are asked to write in a second.</param>
internal sealed record FlushOptions(TimeSpan Interval, TimeSpan Tick, int Parallel, int MaxPerSecond);
