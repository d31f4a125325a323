using System.Diagnostics;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>
/// Sends at a fixed rate, whatever becomes of the calls: latency counts from the moment that a call was to be sent, so that a target that stalls
/// cannot hide it by holding up its callers. What is under way is bounded; calls beyond that count as refused.
/// </summary>
internal sealed class OpenLoop(ITarget target, Tally tally, double rate)
{
    /// <summary>The most calls under way.</summary>
    public const int MostUnderWay = 200_000;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay = 1;

    /// <summary>Sends so many loaded calls and waits for their answers.</summary>
    public async Task RunAsync(int shots, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(() => Send(start, shots, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        if (Interlocked.Decrement(ref _underWay) == 0) _ended.TrySetResult();
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>On a thread of its own, which wakes up each millisecond and sends what is due by then.</summary>
    private void Send(long start, int shots, CancellationToken cancellationToken)
    {
        var perShot = Stopwatch.Frequency / rate;
        using var pause = new ManualResetEventSlim();
        for (var shot = 0; shot < shots;)
        {
            var due = Math.Min(shots, (int)((Stopwatch.GetTimestamp() - start) / perShot) + 1);
            for (; shot < due; shot++) SendOne(shot, start + (long)(shot * perShot));
            pause.Wait(1, cancellationToken);
        }
    }

    private void SendOne(int shot, long intended)
    {
        if (Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            tally.Count(Answer.Refused, intended);
            Interlocked.Decrement(ref _underWay);
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
        if (Interlocked.Decrement(ref _underWay) == 0) _ended.TrySetResult();
    }
}
