using System.Threading.Channels;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>
/// What this silo's accounts leave behind between two ends of epochs: bounded; what does not fit is dropped, counted, and said again at the
/// account's next refresh.
/// </summary>
internal sealed class CorrelationBatch
{
    /// <summary>The most observations that wait for the end of their epoch.</summary>
    public const int Limit = 500_000;

    private readonly Channel<(Observation Observation, AccountOutcome Outcome)> _waiting =
        Channel.CreateBounded<(Observation, AccountOutcome)>(new BoundedChannelOptions(Limit) { SingleReader = true });

    private long _dropped;

    /// <summary>Observations that wait.</summary>
    public int Depth => _waiting.Reader.Count;

    /// <summary>Observations whose reports were dropped because the batch was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds what came of one observation.</summary>
    public void Add(Observation observation, in AccountOutcome outcome)
    {
        if (outcome is { Reports: 0, Active: false, First: null, Second: null }) return;
        if (!_waiting.Writer.TryWrite((observation, outcome))) Interlocked.Increment(ref _dropped);
    }

    /// <summary>Moves everything that waits into the batch of an epoch.</summary>
    public void DrainTo(EpochBatch batch)
    {
        var count = _waiting.Reader.Count;
        while (count-- > 0 && _waiting.Reader.TryRead(out var item)) batch.Add(item.Observation.Input, item.Outcome);
    }
}
