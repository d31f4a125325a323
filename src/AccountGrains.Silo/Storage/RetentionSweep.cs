using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Enforces <c>AccountGrains:Retention</c>: a minute after the start and then twice a day.</summary>
internal sealed class RetentionSweep(
    IRetention retention, IOptions<StorageOptions> options, TimeProvider clock, StorageMetrics metrics, ILogger<RetentionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    /// <summary>Forgets all that is due, and says how much that was.</summary>
    public async Task<long> SweepAsync(CancellationToken cancellationToken)
    {
        var all = await retention.ForgetAsync(clock.GetUtcNow() - options.Value.Retention, cancellationToken).ConfigureAwait(false);
        metrics.Forgotten.Add(all);
        if (all > 0) Log.Forgotten(logger, all, options.Value.Retention);
        return all;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(First, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            timer.Period = Interval;
            try
            {
                await SweepAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.NotForgotten(logger, e);
            }
        }
    }
}
