using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// Gives rows of sightings back when nothing refers to them any more. Reports refer to them until the shards have admitted all that waits, and shards until they have
/// forgotten the sightings of that epoch; whoever keeps anything else of them keeps a copy. Bounded: a shard that hardly anything comes to keeps copies of what it still refers to.
/// </summary>
/// <param name="limit">The most rows that are kept: by default twice what all shards refer to when each account reports to one of them.</param>
internal sealed class RowKeeper(int limit = 2 * Shard.Count * CorrelationShard.RecentCapacity)
{
    private readonly List<SightingRows> _lent = [];
    private readonly Queue<(long Epoch, SightingRows Rows)> _kept = new();
    private int _lentRows;
    private int _keptRows;

    /// <summary>The number of the epoch that ends next.</summary>
    public long Epoch { get; private set; } = 1;

    /// <summary>How many times rows were lent since the last epoch ended, and not yet admitted.</summary>
    public int Lent => _lent.Count;

    /// <summary>Rows that wait for being given back.</summary>
    public int Waiting => _lentRows + _keptRows;

    /// <summary>Takes rows that reports of the epoch refer to, and that nobody fills any more. Those beyond the limit are left to the garbage collector.</summary>
    public void Lend(IReadOnlyList<SightingRows> rows)
    {
        foreach (var one in rows)
        {
            if (_lentRows >= limit) return;
            _lent.Add(one);
            _lentRows += one.Count;
        }
    }

    /// <summary>Ends an epoch: all of these shards have admitted what waited.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="lent">How many of the rows that were lent, from the first on, that is true of.</param>
    public void EndEpoch(IReadOnlyList<CorrelationShard> shards, int lent)
    {
        foreach (var rows in _lent[..lent])
        {
            rows.DropObjects();
            _kept.Enqueue((Epoch, rows));
            _keptRows += rows.Count;
            _lentRows -= rows.Count;
        }

        _lent.RemoveRange(0, lent);
        Epoch++;
        if (_kept.Count == 0) return;
        GiveBack(shards.Count == 0 ? long.MaxValue : shards.Min(s => s.OldestEpoch));
        while (_keptRows > limit)
        {
            var oldest = _kept.Peek().Epoch;
            foreach (var shard in shards) shard.Detach(oldest);
            GiveBack(oldest + 1);
        }
    }

    private void GiveBack(long before)
    {
        while (_kept.TryPeek(out var next) && next.Epoch < before)
        {
            _kept.Dequeue();
            _keptRows -= next.Rows.Count;
            next.Rows.Return();
        }
    }
}
