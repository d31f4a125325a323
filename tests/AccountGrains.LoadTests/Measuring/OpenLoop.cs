using System.Diagnostics;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>
/// Sends at a fixed rate, whatever becomes of the calls: latency counts from the moment that a call was to be sent, so that a target that stalls
/// cannot hide it by holding up its callers. What is under way is bounded; calls beyond that count as refused.
/// </summary>
/// <remarks>
/// One thread keeps the time and the thread pool sends, as it does in a front end: a thread of its own that also sent would have a third of two cores
/// beside the pool's, and be the first thing that cannot keep up.
/// </remarks>
internal sealed class OpenLoop(ITarget target, Tally tally, double rate)
{
    /// <summary>The most calls under way.</summary>
    public const int MostUnderWay = 200_000;

    private const int BatchSize = 64;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly double _ticksPerShot = Stopwatch.Frequency / rate;
    private long _start;
    private int _left;
    private int _underWay;

    /// <summary>Sends so many loaded calls and waits for their answers.</summary>
    public async Task RunAsync(int shots, CancellationToken cancellationToken)
    {
        if (shots == 0) return;
        _left = shots;
        _start = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(() => KeepTime(shots, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Wakes up each millisecond and has the pool send what is due by then.</summary>
    private void KeepTime(int shots, CancellationToken cancellationToken)
    {
        using var pause = new ManualResetEventSlim();
        for (var shot = 0; shot < shots;)
        {
            var due = Math.Min(shots, (int)((Stopwatch.GetTimestamp() - _start) / _ticksPerShot) + 1);
            for (; shot < due; shot += BatchSize) ThreadPool.UnsafeQueueUserWorkItem(new Batch(this, shot, Math.Min(due, shot + BatchSize), cancellationToken), preferLocal: false);
            shot = due;
            pause.Wait(1, cancellationToken);
        }
    }

    private void Send(int shot)
    {
        var intended = _start + (long)(shot * _ticksPerShot);
        tally.Send(intended);
        if (Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            End(Answer.Refused, intended);
            return;
        }

        var call = target.SendAsync(shot);
        if (call.IsCompletedSuccessfully) End(call.GetAwaiter().GetResult(), intended);
        else _ = EndAsync(call, intended);
    }

    private async Task EndAsync(ValueTask<Answer> call, long intended) => End(await call.ConfigureAwait(false), intended);

    private void End(Answer answer, long intended)
    {
        tally.Count(answer, intended);
        Interlocked.Decrement(ref _underWay);
        if (Interlocked.Decrement(ref _left) == 0) _ended.TrySetResult();
    }

    /// <summary>Calls that the pool is to send.</summary>
    private sealed class Batch(OpenLoop loop, int first, int end, CancellationToken cancellationToken) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var shot = first; shot < end && !cancellationToken.IsCancellationRequested; shot++) loop.Send(shot);
        }
    }
}
