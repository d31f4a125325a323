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

    private readonly Lock _draining = new();
    private readonly Part[] _parts;
    private long _dropped;

    public CorrelationBatch()
    {
        var count = Math.Min(16, Environment.ProcessorCount);
        _parts = [.. Enumerable.Range(0, count).Select(_ => new Part(Limit / count))];
    }

    /// <summary>Reports that wait, and activities of members.</summary>
    public int Depth => _parts.Sum(p => p.Depth);

    /// <summary>Observations whose reports and activities were dropped because the batch was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds what came of an account's observation; what the account has in its state is read now.</summary>
    public void Add(Observation observation, AccountState state, in AccountOutcome outcome)
    {
        if (outcome is { Reports: 0, Active: false, First: null, Second: null }) return;
        var first = Thread.GetCurrentProcessorId();
        for (var i = 0; i < _parts.Length; i++)
        {
            if (_parts[(first + i) % _parts.Length].TryAdd(observation.Input, state, outcome)) return;
        }

        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Moves everything that waits into the batch of an epoch.</summary>
    public void DrainTo(EpochBatch batch)
    {
        lock (_draining)
        {
            foreach (var part in _parts) part.DrainTo(batch);
        }
    }

    /// <summary>Two batches in turn, so that nobody waits while one is drained.</summary>
    private sealed class Part(int limit)
    {
        private readonly Lock _lock = new();

        // An observation that still fits may bring a few reports more.
        private EpochBatch _filling = new(limit);
        private EpochBatch _drained = new(limit);

        public int Depth
        {
            get
            {
                lock (_lock) return _filling.Depth;
            }
        }

        /// <summary>False when it is full.</summary>
        public bool TryAdd(in AccountInput input, AccountState state, in AccountOutcome outcome)
        {
            lock (_lock)
            {
                if (_filling.IsFull) return false;
                _filling.Add(input, state, outcome);
                return true;
            }
        }

        public void DrainTo(EpochBatch batch)
        {
            lock (_lock) (_filling, _drained) = (_drained, _filling);
            _drained.MoveTo(batch);
        }
    }
}
