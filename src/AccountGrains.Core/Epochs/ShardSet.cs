namespace AccountGrains.Core.Epochs;

/// <summary>The shards that one site has.</summary>
public sealed class ShardSet(int firstSeenEntries)
{
    private readonly CorrelationShard?[] _shards = new CorrelationShard?[Shard.Count];

    /// <summary>A shard, null when it is elsewhere.</summary>
    public CorrelationShard? this[int shard] => _shards[shard];

    /// <summary>The shards, in their order.</summary>
    public IEnumerable<CorrelationShard> Held => _shards.OfType<CorrelationShard>();

    /// <summary>Their numbers.</summary>
    public int[] Numbers => [.. Enumerable.Range(0, Shard.Count).Where(i => _shards[i] is not null)];

    /// <summary>The number of entries of their first-seen tables that are in use.</summary>
    public int Entries => Held.Sum(s => s.FirstSeen.Count);

    /// <summary>The number of entries that they can hold.</summary>
    public int Capacity => Held.Sum(s => s.FirstSeen.Capacity);

    /// <summary>How many entries fell out.</summary>
    public long Evicted => Held.Sum(s => s.FirstSeen.Evicted);

    /// <summary>The number of reports and activities that wait in them.</summary>
    public int Depth => Held.Sum(s => s.Inbox.Depth);

    /// <summary>What found no room in them.</summary>
    public long Dropped => Held.Sum(s => s.Inbox.Dropped);

    /// <summary>Takes a shard over from another site.</summary>
    public void Adopt(int shard, CorrelationShard state) => _shards[shard] = state;

    /// <summary>Gives a shard away.</summary>
    public CorrelationShard? Release(int shard)
    {
        var state = _shards[shard];
        _shards[shard] = null;
        return state;
    }

    /// <summary>Starts the shards that were given to this site and are nowhere, and gives up those that are elsewhere: what waited in them comes back.</summary>
    internal IReadOnlyList<SiteDelivery> Assign(EpochOpening opening)
    {
        var left = new List<SiteDelivery>();
        for (var i = 0; i < Shard.Count; i++)
        {
            if (opening.Owners[i] == opening.Self) _shards[i] ??= new CorrelationShard(Math.Max(8, firstSeenEntries / Shard.Count));
            else if (Release(i) is { } state) left.Add(state.Inbox.Take());
        }

        return left;
    }
}
