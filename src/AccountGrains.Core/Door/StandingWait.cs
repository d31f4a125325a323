namespace AccountGrains.Core.Door;

/// <summary>
/// Tells a queue that stands from a burst that passes, as CoDel does (RFC 8289, section 3): work comes faster than it is done when even the shortest wait
/// of a whole interval is longer than a target. One long wait says nothing, since a collection of garbage makes one too; but where a queue stood within the last interval, it
/// does at once when it comes back.
/// </summary>
/// <param name="target">The longest wait that may stand.</param>
/// <param name="interval">For how long it has to, without a shorter wait between.</param>
/// <remarks>Noted by one thread at a time; any thread may ask.</remarks>
public sealed class StandingWait(TimeSpan target, TimeSpan interval)
{
    private TimeSpan? _longSince;
    private TimeSpan? _stoodAt;
    private volatile bool _stands;

    /// <summary>True from when the queue was seen to stand until a wait is at most half the target, so that what came meanwhile is worked off first.</summary>
    public bool Stands => _stands;

    /// <summary>Notes how long work had waited when it was begun, or has waited that is not begun and came before what was noted last.</summary>
    /// <param name="now">When, on a clock that does not go back.</param>
    /// <param name="wait">How long.</param>
    public void Note(TimeSpan now, TimeSpan wait)
    {
        if (wait <= target) _longSince = null;
        else _longSince ??= now;
        _stands = _stands ? wait > target / 2 : now - _longSince >= interval || (_longSince is not null && now - _stoodAt < interval);
        if (_stands) _stoodAt = now;
    }
}
