using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Starts what a silo does by itself once its grains can be called, and ends it before they are deactivated. The last verdicts are read first, so that no
/// account is loaded without its last decision; the snapshot comes before accounts do. At the end this silo's shards go to others, then its grains, then
/// what was said meanwhile; a silo that is the last one ends the epoch and stores everything.
/// </summary>
internal sealed class TrackerLifecycle(
    EpochService epochs, EpochAgents agents, DecisionWriter writer, LastVerdicts verdicts, LostSilos losses, Standstill standstill, IDecisionLog log, FlushScheduler flush, TimeProvider clock, IOptions<TrackerOptions> options)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan PokeOfOthers = TimeSpan.FromSeconds(2);

    // For as long a silo may not know whom another one restricted, should that one be lost.
    private static readonly TimeSpan LookAtLog = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestFinish = TimeSpan.FromSeconds(15);
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private Task _finishing = Task.CompletedTask;
    private bool _left;

    public void Participate(ISiloLifecycle lifecycle)
    {
        // The store opens at RuntimeStorageServices; calls from outside are taken from Active on.
        lifecycle.Subscribe(nameof(LastVerdicts), ServiceLifecycleStage.RuntimeGrainServices, LoadVerdictsAsync);
        lifecycle.Subscribe(nameof(EpochService), ServiceLifecycleStage.BecomeActive - 1, _ => epochs.EnterEarlyAsync(), HandOverAsync);
        lifecycle.Subscribe(nameof(TrackerLifecycle), ServiceLifecycleStage.Last - 1, StartAsync, StopAsync);
    }

    private async Task LoadVerdictsAsync(CancellationToken cancellationToken)
    {
        await losses.StartAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var decision in log.LoadLatestAsync(cancellationToken).ConfigureAwait(false)) verdicts.Keep(decision);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await epochs.EnterAsync(cancellationToken).ConfigureAwait(false);
        var flushing = flush.RunAsync(_stop.Token);
        var closing = options.Value.Epoch.Mode == EpochMode.Live ? CloseEpochsAsync(_stop.Token) : Task.CompletedTask;
        _work = Task.WhenAll(flushing, closing, FollowAsync(_stop.Token), standstill.RunAsync(_stop.Token));
    }

    /// <summary>The silo that ends the epochs asks for it in time; the others only now and then, so that it is done when that one is gone.</summary>
    private async Task CloseEpochsAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Value.Epoch.Length, clock);
        var asked = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                if (!epochs.IsHere && clock.GetElapsedTime(asked) < PokeOfOthers) continue;
                asked = clock.GetTimestamp();
                await epochs.PokeAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookAtLog, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await losses.FollowAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _finishing = FinishAsync(cancellationToken);

        // While a store hangs, what is not stored is not waited for: the grains have to have the time to go to another silo, and take it along.
        await WithinAsync(agents.Others.Count > 0 ? LongestFinish : Timeout.InfiniteTimeSpan, _ => _finishing, cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        await flush.FlushAllAsync().ConfigureAwait(false);
        _left = agents.Others.Count > 0 && await epochs.LeaveAsync().ConfigureAwait(false);
        if (!_left)
        {
            // In either mode: accounts count as said what waits here.
            await epochs.FinishAsync(cancellationToken).ConfigureAwait(false);
            await epochs.SaveAsync().ConfigureAwait(false);
            await flush.FlushAllAsync().ConfigureAwait(false);
        }

        await writer.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The grains are gone to other silos by now; what they said to this one until then goes after them.</summary>
    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        if (_left) await epochs.HandOverAsync().ConfigureAwait(false);

        // Those that went away took along which of their decisions are not recorded.
        await WithinAsync(agents.Others.Count > 0 ? LongestFinish : Timeout.InfiniteTimeSpan, writer.DrainAsync, cancellationToken).ConfigureAwait(false);
        if (_finishing.IsFaulted) await _finishing.ConfigureAwait(false);
    }

    private static async Task WithinAsync(TimeSpan limit, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        within.CancelAfter(limit);
        try
        {
            await work(within.Token).WaitAsync(within.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _stop.Dispose();
}
