using System.Diagnostics;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>A number of callers, of which each sends its next call when the last one is answered: what a target can do at most.</summary>
internal sealed class ClosedLoop(ITarget target, Tally tally, int inFlight)
{
    private int _next = -1;

    /// <summary>Sends so many loaded calls, or as many as the time allows.</summary>
    public Task RunAsync(int shots, TimeSpan limit, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => WorkAsync(shots, clock, limit, cancellationToken), cancellationToken)));
    }

    private async Task WorkAsync(int shots, Stopwatch clock, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var shot = Interlocked.Increment(ref _next); shot < shots; shot = Interlocked.Increment(ref _next))
        {
            if (clock.Elapsed >= limit) return;
            cancellationToken.ThrowIfCancellationRequested();
            var sent = Stopwatch.GetTimestamp();
            tally.Count(await target.SendAsync(shot).ConfigureAwait(false), sent);
        }
    }
}
