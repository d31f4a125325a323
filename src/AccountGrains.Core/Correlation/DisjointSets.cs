namespace AccountGrains.Core.Correlation;

/// <summary>Union-find over the numbers 0..n−1, with path halving.</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parent;

    public DisjointSets(int count)
    {
        _parent = new int[count];
        for (var i = 0; i < count; i++) _parent[i] = i;
    }

    /// <summary>Joins all items into one set.</summary>
    public void Join(IReadOnlyList<int> items)
    {
        for (var i = 1; i < items.Count; i++)
        {
            int a = Find(items[0]), b = Find(items[i]);
            if (a != b) _parent[Math.Max(a, b)] = Math.Min(a, b);
        }
    }

    /// <summary>The sets, each in ascending order, by their smallest item.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups() =>
        [.. Enumerable.Range(0, _parent.Length).GroupBy(Find).OrderBy(g => g.Key).Select(g => (IReadOnlyList<int>)[.. g])];

    private int Find(int item)
    {
        while (_parent[item] != item)
        {
            _parent[item] = _parent[_parent[item]];
            item = _parent[item];
        }

        return item;
    }
}
