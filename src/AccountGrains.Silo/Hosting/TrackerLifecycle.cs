using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Starts what a silo does by itself once its grains can be called, and ends it before they are deactivated: the last verdicts are read first, so that
/// no account is loaded without its last decision; at the end the epoch is closed, everything is stored, and then the grains go.
/// </summary>
internal sealed class TrackerLifecycle(
    EpochService epochs, DecisionWriter writer, LastVerdicts verdicts, IDecisionLog log, FlushScheduler flush, TimeProvider clock, IOptions<TrackerOptions> options)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        // The store opens at RuntimeStorageServices; calls from outside are taken from Active on.
        lifecycle.Subscribe(nameof(LastVerdicts), ServiceLifecycleStage.RuntimeGrainServices, LoadVerdictsAsync);
        lifecycle.Subscribe(nameof(TrackerLifecycle), ServiceLifecycleStage.Last - 1, StartAsync, StopAsync);
    }

    private async Task LoadVerdictsAsync(CancellationToken cancellationToken)
    {
        await foreach (var decision in log.LoadLatestAsync(cancellationToken).ConfigureAwait(false)) verdicts.Keep(decision);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await epochs.StartAsync().ConfigureAwait(false);
        var flushing = flush.RunAsync(_stop.Token);
        var closing = options.Value.Epoch.Mode == EpochMode.Live ? CloseEpochsAsync(_stop.Token) : Task.CompletedTask;
        _work = Task.WhenAll(flushing, closing);
    }

    private async Task CloseEpochsAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Value.Epoch.Length, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) await epochs.CloseLiveAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);

        // In either mode: accounts count as said what waits here, and would not say it again after the next start.
        await epochs.CloseLiveAsync().ConfigureAwait(false);
        await epochs.SaveAsync().ConfigureAwait(false);
        await flush.FlushAllAsync().ConfigureAwait(false);
        await writer.DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();
}
