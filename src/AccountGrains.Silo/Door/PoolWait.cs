using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Door;

/// <summary>
/// Watches how long work waits for a thread of the pool, on which requests come in and accounts work. It sends a probe through the pool's queue, one at a
/// time; one that has not come through has waited for as long as it is under way.
/// </summary>
internal sealed class PoolWait : IThreadPoolWorkItem, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _target;
    private readonly StandingWait _standing;
    private readonly TimeProvider _clock;
    private readonly Action<IThreadPoolWorkItem> _queue;
    private readonly ILogger _logger;
    private readonly long _began;
    private readonly ITimer _timer;
    private TimeSpan? _said;
    private long _sent;
    private TimeSpan _waited;
    private bool _isUnderWay;
    private int _looking;

    /// <summary>What begins after half of the deadline is late when it is done, and when that lasts for two deadlines it is no burst.</summary>
    /// <param name="deadline">How long a verdict may take.</param>
    /// <param name="clock">When to look.</param>
    /// <param name="queue">Queues a probe behind all that waits.</param>
    /// <param name="logger">Hears when work comes faster than it is done.</param>
    public PoolWait(TimeSpan deadline, TimeProvider clock, Action<IThreadPoolWorkItem> queue, ILogger<PoolWait> logger)
    {
        _target = deadline / 2;
        _standing = new StandingWait(_target, deadline * 2);
        _clock = clock;
        _queue = queue;
        _logger = logger;
        _began = clock.GetTimestamp();
        _timer = clock.CreateTimer(static state => ((PoolWait)state!).Look(), this, Tick, Tick);
    }

    /// <summary>True while work comes faster than it is done, so that it waits ever longer.</summary>
    public bool Stands => _standing.Stands;

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
        var isUnderWay = Volatile.Read(ref _isUnderWay);
        var wait = isUnderWay ? _clock.GetElapsedTime(_sent, now) : _waited;

        // How long a probe has been under way says how long the wait is only once that is long.
        if (!isUnderWay || wait > _target) Note(_clock.GetElapsedTime(_began, now), wait);
        if (!isUnderWay)
        {
            _sent = now;
            _isUnderWay = true;
            _queue(this);
        }

        Volatile.Write(ref _looking, 0);
    }

    private void Note(TimeSpan now, TimeSpan wait)
    {
        _standing.Note(now, wait);
        if (!_standing.Stands || now - _said < Silence) return;
        _said = now;
        Log.Overload(_logger, wait.TotalMilliseconds);
    }
}
