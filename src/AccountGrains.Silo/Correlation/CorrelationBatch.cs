using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>
/// What this silo's accounts leave behind between two ends of epochs: bounded; what does not fit is dropped, counted, and said again at the account's next refresh.
/// In parts that are locked one by one, since accounts add to it in their turns, as many at a time as there are processors.
/// </summary>
internal sealed class CorrelationBatch
{
    /// <summary>The most reports that wait for the end of their epoch.</summary>
    public const int Limit = 1_000_000;

    private readonly Part[] _parts;

    public CorrelationBatch()
    {
        var count = Math.Min(16, Environment.ProcessorCount);
        _parts = [.. Enumerable.Range(0, count).Select(_ => new Part(Limit / count))];
    }

    /// <summary>Reports that wait, and activities of members.</summary>
    public int Depth => _parts.Sum(p => p.Depth);

    /// <summary>Reports and activities that were dropped because the batch was full.</summary>
    public long Dropped => _parts.Sum(p => p.Dropped);

    /// <summary>Adds what came of an account's observation; what the account has in its state is read now.</summary>
    public void Add(Observation observation, AccountState state, in AccountOutcome outcome)
    {
        if (outcome is { Reports: 0, Active: false, First: null, Second: null }) return;
        _parts[Thread.GetCurrentProcessorId() % _parts.Length].Add(observation.Input, state, outcome);
    }

    /// <summary>Moves everything that waits into the batch of an epoch. One at a time.</summary>
    public void DrainTo(EpochBatch batch)
    {
        foreach (var part in _parts) part.DrainTo(batch);
    }

    /// <summary>Two batches in turn, so that nobody waits while one is drained.</summary>
    private sealed class Part(int limit)
    {
        private readonly Lock _lock = new();
        private EpochBatch _filling = new(limit);
        private EpochBatch _drained = new(limit);
        private long _dropped;

        public int Depth
        {
            get
            {
                lock (_lock) return _filling.Depth;
            }
        }

        public long Dropped
        {
            get
            {
                lock (_lock) return _dropped + _filling.Dropped;
            }
        }

        public void Add(in AccountInput input, AccountState state, in AccountOutcome outcome)
        {
            lock (_lock) _filling.Add(input, state, outcome);
        }

        public void DrainTo(EpochBatch batch)
        {
            lock (_lock)
            {
                _dropped += _filling.TakeDropped();
                (_filling, _drained) = (_drained, _filling);
            }

            _drained.MoveTo(batch);
        }
    }
}
