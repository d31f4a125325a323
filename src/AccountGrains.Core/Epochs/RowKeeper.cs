using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// Gives rows of sightings back when nothing refers to them any more. Reports refer to them until the shards have admitted all that waits, and shards until they have
/// forgotten the sightings of that epoch; whoever keeps anything else of them keeps a copy.
/// </summary>
internal sealed class RowKeeper
{
    private readonly List<SightingRows> _lent = [];
    private readonly Queue<(long Epoch, SightingRows Rows)> _kept = new();

    /// <summary>The number of the epoch that ends next.</summary>
    public long Epoch { get; private set; } = 1;

    /// <summary>Rows that wait for being given back.</summary>
    public int Waiting => _lent.Count + _kept.Count;

    /// <summary>Takes rows that reports of the epoch refer to, and that nobody fills any more.</summary>
    public void Lend(IReadOnlyList<SightingRows> rows) => _lent.AddRange(rows);

    /// <summary>Ends an epoch: all of these shards have admitted what waited.</summary>
    public void EndEpoch(IReadOnlyList<CorrelationShard> shards)
    {
        foreach (var rows in _lent) _kept.Enqueue((Epoch, rows));
        _lent.Clear();
        Epoch++;
        if (_kept.Count == 0) return;
        var oldest = shards.Count == 0 ? long.MaxValue : shards.Min(s => s.OldestEpoch);
        while (_kept.TryPeek(out var next) && next.Epoch < oldest) _kept.Dequeue().Rows.Return();
    }
}
