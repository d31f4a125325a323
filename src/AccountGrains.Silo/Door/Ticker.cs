namespace AccountGrains.Silo.Door;

/// <summary>
/// Looks at something again and again, from a thread of its own: a timer would wake threads of the pool each time, which then spin for more work, and at every 5 ms that costs a twentieth of a
/// core while there is nothing to do.
/// </summary>
internal sealed class Ticker : IDisposable
{
    private readonly ManualResetEventSlim _isOver = new(false, spinCount: 0);
    private readonly TimeSpan _tick;
    private readonly Action _look;
    private readonly Thread _thread;

    /// <summary>Begins.</summary>
    /// <param name="name">What the thread is called.</param>
    /// <param name="tick">The time between two looks.</param>
    /// <param name="look">Looks; it must neither wait nor throw.</param>
    public Ticker(string name, TimeSpan tick, Action look)
    {
        (_tick, _look) = (tick, look);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Ends; nobody looks any more afterwards.</summary>
    public void Dispose()
    {
        _isOver.Set();
        _thread.Join();
        _isOver.Dispose();
    }

    private void Run()
    {
        while (!_isOver.Wait(_tick)) _look();
    }
}
