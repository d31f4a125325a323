using System.Collections.Concurrent;
using System.Diagnostics;
using AccountGrains.Abstractions.Accounts;

namespace AccountGrains.Silo.Door;

/// <summary>
/// Ends the waiting for calls that take too long. All calls have the same deadline, so they fall due in the order in which they began: one queue and
/// one timer do for all, where a timer for each would cost more than the call.
/// </summary>
internal sealed class Deadlines : IDisposable
{
    private static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Coarsest = TimeSpan.FromMilliseconds(10);
    private readonly ConcurrentQueue<Wait> _waits = new();
    private readonly TimeSpan _length;
    private readonly ITimer _timer;
    private int _looking;

    /// <summary>Deadlines of one length, kept to a tenth of it, and to 10 ms where that is more.</summary>
    public Deadlines(TimeSpan length)
    {
        _length = length;
        var tick = length / 10 is var tenth && tenth < Finest ? Finest : tenth > Coarsest ? Coarsest : tenth;
        _timer = TimeProvider.System.CreateTimer(static state => ((Deadlines)state!).EndDue(), this, tick, tick);
    }

    /// <summary>Waits for a call; null when its answer does not come by the deadline. The call goes on.</summary>
    public Task<VerdictReply?> WaitAsync(ValueTask<VerdictReply?> call)
    {
        var wait = new Wait(Stopwatch.GetTimestamp());
        _waits.Enqueue(wait);
        _ = FollowAsync(call, wait);
        return wait.Task;
    }

    public void Dispose() => _timer.Dispose();

    private static async Task FollowAsync(ValueTask<VerdictReply?> call, Wait wait)
    {
        try
        {
            wait.TrySetResult(await call.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            wait.TrySetException(e);
        }
    }

    private void EndDue()
    {
        if (Interlocked.Exchange(ref _looking, 1) == 1) return;
        while (_waits.TryPeek(out var wait) && (wait.Task.IsCompleted || Stopwatch.GetElapsedTime(wait.Began) >= _length))
        {
            _waits.TryDequeue(out _);
            if (!wait.Task.IsCompleted) ThreadPool.UnsafeQueueUserWorkItem(static late => late.TrySetResult(null), wait, preferLocal: false);
        }

        Volatile.Write(ref _looking, 0);
    }

    // Whoever answers goes on at once where the answer came: the next thing is to write it out.
    private sealed class Wait(long began) : TaskCompletionSource<VerdictReply?>
    {
        public long Began { get; } = began;
    }
}
