namespace AccountGrains.Silo.Storage;

/// <summary>
/// How fast changes are stored: so many in a second at most, and an interval that doubles while they come too late or the store fails, and halves when they do not. Storing takes threads and
/// cores that verdicts need: while something nearly always waits for those it goes a quarter as fast, until changes wait as long as they may.
/// </summary>
internal sealed class FlushPace(int maxPerSecond, TimeSpan tick, TimeSpan interval)
{
    private const int LongestStretch = 16;
    private const int GivesWay = 4;
    private const double NearlyAlways = 0.7;
    private readonly int _most = (int)Math.Max(1, maxPerSecond * tick.TotalSeconds);
    private long _nextChange;

    /// <summary>What the interval is multiplied with: 1, or more while the store does not keep up, or is not to.</summary>
    public int Stretch { get; private set; } = 1;

    /// <summary>How many may be stored in one look.</summary>
    /// <param name="waiting">The share of times at which something waits for a thread, 0..1.</param>
    public int AllowanceAt(double waiting) => waiting < NearlyAlways || Stretch == LongestStretch ? _most : Math.Max(1, _most / GivesWay);

    /// <summary>
    /// Looks, no more than once in the configured interval, whether the interval should be longer (nothing can be stored, or changes are late by more than it) or shorter
    /// (nothing is late); true when it changed.
    /// </summary>
    /// <param name="now">The clock, in milliseconds.</param>
    /// <param name="late">By how much the longest overdue change is late, in milliseconds.</param>
    /// <param name="failed">Nothing could be stored.</param>
    public bool Adjust(long now, long late, bool failed)
    {
        var next = failed || late > interval.TotalMilliseconds ? Math.Min(LongestStretch, Stretch * 2) : late > 0 ? Stretch : Math.Max(1, Stretch / 2);
        if (next == Stretch || now < _nextChange) return false;
        Stretch = next;
        _nextChange = now + (long)interval.TotalMilliseconds;
        return true;
    }
}
