using System.Diagnostics.Metrics;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Policies;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Hosting;

/// <summary>Shows what is under way in this silo.</summary>
internal sealed class TrackerMetrics
{
    /// <summary>Makes the instruments; they read when they are asked.</summary>
    public TrackerMetrics(
        IMeterFactory meters, CorrelationBatch batch, FlushScheduler flush, EpochService epochs, DecisionWriter writer, LastVerdicts verdicts, PolicyHolder policies,
        SnapshotHolder snapshots, PoolWait wait, TimeProvider clock)
    {
        var meter = meters.Create("AccountGrains");
        meter.CreateObservableGauge("accountgrains.reports.depth", () => batch.Depth, description: "Reports and activities that wait for the end of their epoch");
        meter.CreateObservableCounter("accountgrains.reports.dropped", () => batch.Dropped, description: "Observations whose reports found no room");
        meter.CreateObservableGauge("accountgrains.unflushed.age", () => flush.OldestAge.TotalSeconds, "s", "Age of the oldest change that is not stored: what a crash can lose");
        meter.CreateObservableCounter("accountgrains.unflushed.lost", () => flush.Lost, description: "Grains that went with changes that could not be stored");
        meter.CreateObservableGauge("accountgrains.unflushed.count", () => flush.Count, description: "Grains with changes that are not stored");
        meter.CreateObservableGauge("accountgrains.flush.interval", () => flush.Interval.TotalSeconds, "s", "How long changes wait before they are stored; longer than configured while the store does not keep up, or verdicts wait for a thread");
        meter.CreateObservableGauge("accountgrains.epoch.lag", () => Lag(epochs, clock), "s", "Time since the last epoch ended");
        meter.CreateObservableCounter("accountgrains.epoch.dropped", () => epochs.Backlog.Dropped, description: "Reports and activities that found no room at the end of an epoch");
        meter.CreateObservableGauge("accountgrains.epoch.unacknowledged", () => epochs.Backlog.Waiting, description: "Pieces that another silo did not acknowledge yet");
        meter.CreateObservableGauge("accountgrains.epoch.shards", () => epochs.FirstSeen.Numbers.Length, description: "Correlation shards on this silo");
        meter.CreateObservableCounter("accountgrains.messages", () => Messages(epochs.Counts), description: "Correlation messages by kind");
        meter.CreateObservableGauge("accountgrains.observations.wait", () => wait.Last.TotalSeconds, "s", "How long what comes in waits for a thread");
        meter.CreateObservableGauge("accountgrains.decisions.pending", () => writer.Pending, description: "Decisions that are not stored yet");
        meter.CreateObservableCounter("accountgrains.decisions.lost", () => writer.Lost, description: "Decisions whose record found no room");
        meter.CreateObservableGauge("accountgrains.verdicts.kept", () => verdicts.Count, description: "Accounts whose last decision is kept");
        meter.CreateObservableGauge("accountgrains.accounts.restricted", () => verdicts.Restricted, description: "Accounts whose verdict is not allow");
        meter.CreateObservableGauge("accountgrains.policy.version", () => policies.Current.Version, description: "The policy in force");
        meter.CreateObservableGauge("accountgrains.snapshot.campaigns", () => snapshots.Current.Campaigns.Count, description: "Campaigns that are recognised");
        meter.CreateObservableGauge("accountgrains.firstseen.entries", () => epochs.FirstSeen.Entries, description: "Entries of the first-seen table");
        meter.CreateObservableCounter("accountgrains.firstseen.evictions", () => epochs.FirstSeen.Evicted, description: "Entries that fell out of the first-seen table");
    }

    private static double Lag(EpochService epochs, TimeProvider clock) =>
        epochs.LastEnd == 0 ? 0 : (clock.GetUtcNow().ToUnixTimeMilliseconds() - epochs.LastEnd) / 1000.0;

    private static Measurement<long>[] Messages(EpochCounts counts) =>
    [
        Of(counts.Reports, "report"), Of(counts.Popularity, "popularity"), Of(counts.Campaigns, "campaign"), Of(counts.Index, "index"),
        Of(counts.Notices, "notice"), Of(counts.Resent, "resent"),
    ];

    private static Measurement<long> Of(long count, string kind) => new(count, new KeyValuePair<string, object?>("kind", kind));
}
