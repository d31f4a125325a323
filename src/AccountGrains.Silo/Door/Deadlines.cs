using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using AccountGrains.Abstractions.Accounts;

namespace AccountGrains.Silo.Door;

/// <summary>
/// Ends the waiting for calls that take too long. All calls have the same deadline, so they fall due in the order in which they began: one queue and
/// one look at it now and then do for all, where a timer for each would cost more than the call.
/// </summary>
internal sealed class Deadlines : IDisposable
{
    private static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Coarsest = TimeSpan.FromMilliseconds(10);
    private readonly ConcurrentQueue<Wait> _waits = new();
    private readonly TimeSpan _length;
    private readonly Ticker _ticker;

    /// <summary>Deadlines of one length, kept to a tenth of it, and to 10 ms where that is more.</summary>
    public Deadlines(TimeSpan length)
    {
        _length = length;
        var tick = length / 10 is var tenth && tenth < Finest ? Finest : tenth > Coarsest ? Coarsest : tenth;
        _ticker = new Ticker("Deadlines", tick, EndDue);
    }

    /// <summary>Waits for a call; null when its answer does not come by the deadline. The call goes on.</summary>
    public Task<VerdictReply?> WaitAsync(ValueTask<VerdictReply?> call)
    {
        var wait = new Wait(Stopwatch.GetTimestamp(), call.ConfigureAwait(false).GetAwaiter());
        _waits.Enqueue(wait);
        wait.Follow();
        return wait.Task;
    }

    public void Dispose() => _ticker.Dispose();

    private void EndDue()
    {
        while (_waits.TryPeek(out var wait) && (wait.Task.IsCompleted || Stopwatch.GetElapsedTime(wait.Began) >= _length))
        {
            _waits.TryDequeue(out _);
            if (!wait.Task.IsCompleted) ThreadPool.UnsafeQueueUserWorkItem(static late => late.TrySetResult(null), wait, preferLocal: false);
        }
    }

    // Whoever answers goes on at once where the answer came: the next thing is to write it out. It follows its call itself, as an async method would be a
    // task more for each request.
    private sealed class Wait(long began, ConfiguredValueTaskAwaitable<VerdictReply?>.ConfiguredValueTaskAwaiter call) : TaskCompletionSource<VerdictReply?>
    {
        public long Began { get; } = began;

        public void Follow()
        {
            if (call.IsCompleted) TakeOver();
            else call.UnsafeOnCompleted(TakeOver);
        }

        private void TakeOver()
        {
            try
            {
                TrySetResult(call.GetResult());
            }
            catch (Exception e)
            {
                TrySetException(e);
            }
        }
    }
}
