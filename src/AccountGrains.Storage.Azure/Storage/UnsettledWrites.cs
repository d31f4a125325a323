namespace Orleans.Storage;

/// <summary>
/// The newest writes of this process of which it never learned whether they landed: a later conflict may be with one of them. The oldest fall out, and
/// what fell out is a conflict like any other.
/// </summary>
internal sealed class UnsettledWrites(int limit)
{
    private const int MostOfARecord = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byRecord = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byAge = new();
    private volatile int _count;

    /// <summary>How many records have one.</summary>
    public int Count => _count;

    /// <summary>Keeps that a record of which <paramref name="etag"/> was known may have become what <paramref name="print"/> tells.</summary>
    public void Add(string record, string? etag, UInt128 print)
    {
        lock (_lock)
        {
            UInt128[] earlier = _byRecord.Remove(record, out var node) && node.Value.ETag == etag ? node.Value.Prints : [];
            if (node is not null) _byAge.Remove(node);
            _byRecord[record] = _byAge.AddLast(new Entry(record, etag, [.. earlier.Where(e => e != print).TakeLast(MostOfARecord - 1), print]));
            if (_byAge.Count > limit) Drop(_byAge.First!);
            _count = _byAge.Count;
        }
    }

    /// <summary>True when a record of which <paramref name="etag"/> was known may have become this by a write of ours.</summary>
    public bool Knows(string record, string? etag, UInt128 print)
    {
        lock (_lock)
        {
            return _byRecord.TryGetValue(record, out var node) && node.Value.ETag == etag && node.Value.Prints.Contains(print);
        }
    }

    /// <summary>True when there is any for the record, as far as <paramref name="etag"/> was known.</summary>
    public bool Has(string record, string? etag)
    {
        if (_count == 0) return false;
        lock (_lock)
        {
            return _byRecord.TryGetValue(record, out var node) && node.Value.ETag == etag;
        }
    }

    /// <summary>A later write of the record is known to have landed, so the earlier ones do not matter any more.</summary>
    public void Forget(string record)
    {
        if (_count == 0) return;
        lock (_lock)
        {
            if (_byRecord.TryGetValue(record, out var node)) Drop(node);
            _count = _byAge.Count;
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byRecord.Remove(node.Value.Record);
        _byAge.Remove(node);
    }

    private sealed record Entry(string Record, string? ETag, UInt128[] Prints);
}
