namespace AccountGrains.Core.Door;

/// <summary>Tells work that comes faster than it is done from a burst that passes.</summary>
/// <param name="target">The longest wait that may last.</param>
/// <param name="interval">How long a longer one has to last.</param>
/// <remarks>
/// As CoDel does (RFC 8289, section 3): the shortest wait of an interval says it, since a collection of garbage makes single waits long. Within an interval
/// of the last time, one long wait is enough. Noted by one thread at a time; any thread may ask.
/// </remarks>
public sealed class StandingWait(TimeSpan target, TimeSpan interval)
{
    /// <summary>One in so many is taken although waits are too long, so that no account goes unseen for as long as that lasts.</summary>
    public const int TakenOneIn = 8;

    private TimeSpan? _notedAt;
    private TimeSpan? _longSince;
    private TimeSpan? _longAt;
    private TimeSpan? _stoodAt;
    private int _asked;
    private volatile bool _stands;

    /// <summary>True from when waits were too long for an interval until one is at most half the target, or none was too long for an interval.</summary>
    public bool Stands => _stands;

    /// <summary>Whether to take one more piece of work that can be refused: any, unless waits are too long; then one in <see cref="TakenOneIn"/>.</summary>
    public bool Takes() => !_stands || Interlocked.Increment(ref _asked) % TakenOneIn == 0;

    /// <summary>Notes a wait: of work that was begun, or, when it is longer than the target, of work that still waits.</summary>
    /// <param name="now">When, on a clock that does not go back.</param>
    /// <param name="wait">How long.</param>
    public void Note(TimeSpan now, TimeSpan wait)
    {
        // Of a long time in which nobody looked nothing is known.
        if (wait <= target || now - _notedAt >= interval * 2) _longSince = null;
        _notedAt = now;
        if (wait > target)
        {
            _longSince ??= now;
            _longAt = now;
        }

        _stands = _stands ? wait > target / 2 && now - _longAt < interval : now - _longSince >= interval || (_longSince is not null && now - _stoodAt < interval);
        if (_stands) _stoodAt = now;
    }
}
