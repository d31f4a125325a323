using System.Diagnostics.Metrics;

namespace AccountGrains.Silo.Storage;

/// <summary>What the stores count.</summary>
internal sealed class StorageMetrics
{
    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    public StorageMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("AccountGrains");
        Writes = _meter.CreateCounter<long>("accountgrains.storage.writes");
        Groups = _meter.CreateCounter<long>("accountgrains.storage.groups");
        Failures = _meter.CreateCounter<long>("accountgrains.storage.failures");
        Quarantined = _meter.CreateCounter<long>("accountgrains.storage.quarantined");
        UnreadableDecisions = _meter.CreateCounter<long>("accountgrains.storage.decisions.unreadable");
        Forgotten = _meter.CreateCounter<long>("accountgrains.storage.forgotten");
        Reads = _meter.CreateCounter<long>("accountgrains.storage.reads");
        Unanswered = _meter.CreateCounter<long>("accountgrains.storage.unanswered");
        Refused = _meter.CreateCounter<long>("accountgrains.storage.refused");
        DroppedDecisions = _meter.CreateCounter<long>("accountgrains.storage.decisions.dropped");
    }

    /// <summary>Writes that were committed, conflicts included.</summary>
    public Counter<long> Writes { get; }

    /// <summary>Transactions that were committed; writes divided by groups is the size of a group.</summary>
    public Counter<long> Groups { get; }

    /// <summary>Transactions that failed.</summary>
    public Counter<long> Failures { get; }

    /// <summary>Unreadable states that were moved out of the way.</summary>
    public Counter<long> Quarantined { get; }

    /// <summary>Unreadable decisions that were passed over.</summary>
    public Counter<long> UnreadableDecisions { get; }

    /// <summary>Records that were deleted because they were kept for long enough.</summary>
    public Counter<long> Forgotten { get; }

    /// <summary>States that grains read, by the state's name.</summary>
    public Counter<long> Reads { get; }

    /// <summary>Calls that had no answer in time.</summary>
    public Counter<long> Unanswered { get; }

    /// <summary>Calls that were not made because the store does not answer.</summary>
    public Counter<long> Refused { get; }

    /// <summary>Decisions that fell out of a bounded log.</summary>
    public Counter<long> DroppedDecisions { get; }

    /// <summary>Shows how many writes wait.</summary>
    public void ObserveQueue(Func<int> length) => _meter.CreateObservableGauge("accountgrains.storage.queue", length);
}
