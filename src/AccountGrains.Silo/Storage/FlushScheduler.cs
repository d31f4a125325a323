using System.Collections.Concurrent;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// Stores what accounts and fingerprints changed: every dirty grain registers once, is asked to write after the interval, more or less a quarter of it, and
/// registers again when it changes again. A crash loses at most what <see cref="OldestAge"/> says.
/// </summary>
internal sealed partial class FlushScheduler(TimeProvider clock, FlushOptions options, ILogger<FlushScheduler> logger)
{
    private readonly ConcurrentDictionary<GrainId, (Func<ValueTask> Flush, long Since, long Due)> _dirty = new();

    private readonly ConcurrentDictionary<GrainId, long> _writing = new();

    /// <summary>The number of grains with changes that are not stored.</summary>
    public int Count => _dirty.Count + _writing.Count;

    /// <summary>The age of the oldest change that is not stored.</summary>
    public TimeSpan OldestAge
    {
        get
        {
            var now = Now;
            var oldest = now;
            foreach (var entry in _dirty.Values) oldest = Math.Min(oldest, entry.Since);
            foreach (var since in _writing.Values) oldest = Math.Min(oldest, since);
            return TimeSpan.FromMilliseconds(now - oldest);
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Registers a grain that has something to store.</summary>
    public void Register(GrainId id, Func<ValueTask> flush)
    {
        var now = Now;
        var interval = (long)options.Interval.TotalMilliseconds;
        var jitter = interval == 0 ? 0 : (id.GetUniformHashCode() % (uint)interval / 2) - (interval / 4);
        _dirty.TryAdd(id, (flush, now, now + interval + jitter));
    }

    /// <summary>Has a registered grain stored at the next look, and not after the interval: it decided something.</summary>
    public void Hurry(GrainId id)
    {
        if (_dirty.TryGetValue(id, out var entry)) _dirty.TryUpdate(id, entry with { Due = 0 }, entry);
    }

    /// <summary>Notes that a grain stored everything, or is gone.</summary>
    public void Forget(GrainId id) => _dirty.TryRemove(id, out _);

    /// <summary>Stores what is due until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                var now = Now;
                await FlushAsync([.. _dirty.Where(d => d.Value.Due <= now).Select(d => d.Key)]).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Stores everything now.</summary>
    public Task FlushAllAsync() => FlushAsync([.. _dirty.Keys]);

    private async Task FlushAsync(IReadOnlyList<GrainId> due)
    {
        var failed = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (id, cancellationToken) =>
        {
            if (!_dirty.TryGetValue(id, out var entry)) return;
            _writing[id] = entry.Since;
            _dirty.TryRemove(id, out _);
            try
            {
                await entry.Flush().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                if (Interlocked.Increment(ref failed) == 1) FlushFailed(e);
                _dirty[id] = entry with { Due = Now + (long)options.Interval.TotalMilliseconds };
            }
            finally
            {
                _writing.TryRemove(id, out _);
            }
        }).ConfigureAwait(false);
    }

    [LoggerMessage(1010, LogLevel.Warning, "States were not stored; they are tried again after the flush interval")]
    private partial void FlushFailed(Exception exception);
}

/// <summary>How writing behind goes.</summary>
/// <param name="Interval">How long a change may wait.</param>
/// <param name="Tick">How often due grains are looked for.</param>
/// <param name="Parallel">How many grains are asked to write at a time.</param>
internal sealed record FlushOptions(TimeSpan Interval, TimeSpan Tick, int Parallel);
