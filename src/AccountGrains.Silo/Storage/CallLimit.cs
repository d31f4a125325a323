namespace AccountGrains.Silo.Storage;

/// <summary>
/// How many calls of a kind the store gets at a time: fewer while its answers take long. What it cannot serve then waits here, where it can be given up
/// before it began, and not there, where it is done for nobody and makes the others late.
/// </summary>
/// <param name="most">As many as it may ever be.</param>
/// <param name="slow">An answer that took longer says that they are too many.</param>
/// <param name="clock">The clock.</param>
internal sealed class CallLimit(int most, TimeSpan slow, TimeProvider clock) : IDisposable
{
    private const int Least = 4;
    private readonly int _most = most;
    private readonly SemaphoreSlim _room = new(most);
    private readonly Lock _lock = new();
    private int _permits = most;
    private int _quick;
    private long _nextCut;

    /// <summary>How many there may be now.</summary>
    public int Current { get; private set; } = most;

    /// <summary>Waits for room, as long as that may take; true when there is some, which has to be left again.</summary>
    public Task<bool> EnterAsync(TimeSpan patience, CancellationToken cancellationToken) => _room.WaitAsync(patience, cancellationToken);

    /// <summary>Gives the room back, and learns from how long the call took.</summary>
    /// <param name="took">How long it took.</param>
    /// <param name="succeeded">Only calls that did their work show that there may be more of them.</param>
    public void Leave(TimeSpan took, bool succeeded)
    {
        int released;
        lock (_lock)
        {
            if (took > slow) Cut(took);
            else if (succeeded && took < slow / 2) Grow();
            released = 1 + Current - _permits;
            if (released < 0) released = 0;
            _permits += released - 1;
        }

        if (released > 0) _room.Release(released);
    }

    public void Dispose() => _room.Dispose();

    /// <summary>Once for all that were under way together: they were slow for one reason.</summary>
    private void Cut(TimeSpan took)
    {
        _quick = 0;
        var now = clock.GetTimestamp();
        if (now < _nextCut) return;
        _nextCut = now + (long)(took.TotalSeconds * clock.TimestampFrequency);
        Current = Math.Min(Current, Math.Max(Least, Current * 3 / 4));
    }

    private void Grow()
    {
        if (Current == _most || ++_quick < Current) return;
        _quick = 0;
        Current++;
    }
}
