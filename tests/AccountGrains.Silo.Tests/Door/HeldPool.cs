using AccountGrains.Silo.Door;
using AccountGrains.Silo.Tests.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Door;

/// <summary>A pool in which what is queued waits until it is told to run, on a clock that stands until time passes.</summary>
internal sealed class HeldPool
{
    /// <summary>How often it is looked at.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a wait has to be too long.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Queue<IThreadPoolWorkItem> _waiting = [];

    public HeldPool() => Wait = new PoolWait(Interval, Clock, () => Pending, Queue, new LoggerFactory([Logs]).CreateLogger<PoolWait>());

    public FakeTimeProvider Clock { get; } = new();

    public PoolWait Wait { get; }

    public LogCapture Logs { get; } = new(LogLevel.Information);

    /// <summary>How many probes wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>How much else waits.</summary>
    public int Pending { get; set; } = 1;

    public void Pass(TimeSpan time)
    {
        // The clock shows the end of an advance to all that falls due in it.
        for (var passed = TimeSpan.Zero; passed < time; passed += Tick) Clock.Advance(Tick);
    }

    /// <summary>Lets each probe through as it comes.</summary>
    public void RunFor(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            if (Waiting > 0) Run();
            Clock.Advance(Tick);
        }
    }

    public void Run() => _waiting.Dequeue().Execute();

    // Lines of the log do not wait here.
    private void Queue(IThreadPoolWorkItem item)
    {
        if (item is PoolWait) _waiting.Enqueue(item);
        else item.Execute();
    }
}
