using System.Diagnostics.Metrics;

namespace Orleans.Persistence.AzureStorage;

/// <summary>What happens between this process and its stores.</summary>
internal sealed class StoreMetrics
{
    /// <summary>Makes the instruments.</summary>
    public StoreMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AccountGrains");
        Duration = meter.CreateHistogram<double>("accountgrains.azure.call.duration", "s", "Time of a call with all its tries, by store, operation and outcome.");
        Retries = meter.CreateCounter<long>("accountgrains.azure.retries", description: "Tries after the first, by store and operation.");
        Settled = meter.CreateCounter<long>("accountgrains.azure.writes.settled", description: "Conflicts that were with a write of this process that had landed unseen.");
        Conflicts = meter.CreateCounter<long>("accountgrains.azure.conflicts", description: "Writes that came too late, by store.");
        Broken = meter.CreateCounter<long>("accountgrains.azure.breaker.opened", description: "How often a store was given a pause.");
    }

    /// <summary>Time of calls.</summary>
    public Histogram<double> Duration { get; }

    /// <summary>Tries after the first.</summary>
    public Counter<long> Retries { get; }

    /// <summary>Conflicts with oneself.</summary>
    public Counter<long> Settled { get; }

    /// <summary>Real conflicts.</summary>
    public Counter<long> Conflicts { get; }

    /// <summary>Pauses that began.</summary>
    public Counter<long> Broken { get; }
}
