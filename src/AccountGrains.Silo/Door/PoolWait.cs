using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Door;

/// <summary>
/// Watches how long what comes in waits for a thread of the pool. It sends a probe through the pool's queue, one at a time, and none where nothing waits; one that has not
/// come through has waited for as long as it is under way.
/// </summary>
internal sealed class PoolWait : IThreadPoolWorkItem, IDisposable
{
    // A third of a second: longer than a collection of garbage stops everything, and shorter than what asks needs to act on it.
    private const double RecentLooks = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LeastTarget = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan OverAfter = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _target;
    private readonly StandingWait _standing;
    private readonly TimeProvider _clock;
    private readonly Func<long> _pending;
    private readonly Action<IThreadPoolWorkItem> _queue;
    private readonly ILogger _logger;
    private readonly long _began;
    private readonly ITimer _timer;
    private TimeSpan? _warnedOf;
    private long _sent;
    private TimeSpan _waited;
    private double _share;
    private bool _isUnderWay;
    private int _looking;

    /// <summary>What begins after half of the deadline, and has another queue before it, comes late; when that lasts for a whole one it is no burst.</summary>
    /// <param name="deadline">How long a verdict may take.</param>
    /// <param name="clock">When to look.</param>
    /// <param name="pending">How much waits for a thread.</param>
    /// <param name="queue">Queues a probe, or a line of the log, behind what came in before it.</param>
    /// <param name="logger">Hears when waits become too long, and when that is over.</param>
    public PoolWait(TimeSpan deadline, TimeProvider clock, Func<long> pending, Action<IThreadPoolWorkItem> queue, ILogger<PoolWait> logger)
    {
        _target = deadline / 2 < LeastTarget ? LeastTarget : deadline / 2;
        _standing = new StandingWait(_target, _target * 2);
        _clock = clock;
        _pending = pending;
        _queue = queue;
        _logger = logger;
        _began = clock.GetTimestamp();

        // From the pool itself: a thread of its own would have its turn at once where other processes take the cores, and find that the pool's wait for theirs.
        _timer = clock.CreateTimer(static state => ((PoolWait)state!).Look(), this, Tick, Tick);
    }

    /// <summary>How long the last probe waited that came through; zero when nothing has to wait.</summary>
    public TimeSpan Last => _waited;

    /// <summary>
    /// The share of times at which something waited for a thread, 0..1, of the last third of a second above all: with two cores about one third when a third of what can be done is asked for, and
    /// eight tenths or more when all of it is, however short the waits are.
    /// </summary>
    public double Share => Volatile.Read(ref _share);

    /// <inheritdoc cref="StandingWait.Stands"/>
    public bool Stands => _standing.Stands;

    /// <inheritdoc cref="StandingWait.Takes"/>
    public bool Takes() => _standing.Takes();

    public void Dispose() => _timer.Dispose();

    /// <summary>The probe came through.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        _waited = _clock.GetElapsedTime(_sent);
        Volatile.Write(ref _isUnderWay, false);
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref _looking, 1) == 1) return;
        var now = _clock.GetTimestamp();
        var at = _clock.GetElapsedTime(_began, now);
        var isUnderWay = Volatile.Read(ref _isUnderWay);
        var waits = isUnderWay || _pending() > 0;
        var goes = waits && !isUnderWay;
        Volatile.Write(ref _share, _share + (((waits ? 1 : 0) - _share) / RecentLooks));
        if (!waits) _waited = TimeSpan.Zero;
        var wait = isUnderWay ? _clock.GetElapsedTime(_sent, now) : _waited;

        // How long a probe has been under way says how long the wait is only once that is long.
        if (!isUnderWay || wait > _target) _standing.Note(at, wait);
        if (goes)
        {
            _sent = now;
            _isUnderWay = true;
            _queue(this);
        }

        Tell(at, wait);
        Volatile.Write(ref _looking, 0);
    }

    /// <summary>Has it logged that an overload begins or ends; one that comes back within a minute is the same.</summary>
    private void Tell(TimeSpan now, TimeSpan wait)
    {
        if (_standing.Stands)
        {
            if (_warnedOf is null) _queue(new Line(() => Log.WaitsTooLong(_logger, wait.TotalMilliseconds)));
            _warnedOf = now;
        }
        else if (now - _warnedOf >= OverAfter)
        {
            _warnedOf = null;
            _queue(new Line(() => Log.WaitsOver(_logger)));
        }
    }

    // Who reads the log may be slow, and while it looks it must not wait for that.
    private sealed class Line(Action write) : IThreadPoolWorkItem
    {
        public void Execute() => write();
    }
}
