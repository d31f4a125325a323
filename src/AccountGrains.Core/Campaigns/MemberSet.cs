using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>Which members of a campaign hold a piece of evidence: exact for up to 64, beyond that a sketch that only counts.</summary>
internal sealed class MemberSet
{
    private const int ExactLimit = 64;
    private const int Registers = 256;
    private List<uint>? _exact = [];
    private DistinctSketch? _sketch;

    /// <summary>The number of members.</summary>
    public int Count => _exact?.Count ?? (int)Math.Round(_sketch!.Count);

    /// <summary>The members' marks in ascending order; null when there are too many to name.</summary>
    public IReadOnlyList<uint>? Exact => _exact;

    /// <summary>The relative standard error of a count.</summary>
    public static double StandardErrorOf(int count) => count <= ExactLimit ? 0 : 1.04 / Math.Sqrt(Registers);

    public bool Add(uint mark)
    {
        if (_exact is null) return _sketch!.Add(mark);
        var at = _exact.BinarySearch(mark);
        if (at >= 0) return false;
        if (_exact.Count < ExactLimit)
        {
            _exact.Insert(~at, mark);
            return true;
        }

        ToSketch();
        return _sketch!.Add(mark);
    }

    /// <summary>Takes a member out; a sketch cannot forget.</summary>
    public void Remove(uint mark)
    {
        var at = _exact?.BinarySearch(mark) ?? -1;
        if (at >= 0) _exact!.RemoveAt(at);
    }

    public void Merge(MemberSet other)
    {
        if (other._exact is { } exact)
        {
            foreach (var mark in exact) Add(mark);
            return;
        }

        ToSketch();
        _sketch!.Merge(other._sketch!);
    }

    public void Write(StateWriter writer)
    {
        writer.Byte(_exact is null ? byte.MaxValue : (byte)_exact.Count);
        if (_exact is null) _sketch!.Write(writer);
        else foreach (var mark in _exact) writer.UInt32(mark);
    }

    public static MemberSet Read(ref StateReader reader)
    {
        var count = reader.Byte();
        if (count == byte.MaxValue) return new MemberSet { _exact = null, _sketch = DistinctSketch.Read(ref reader) };
        var set = new MemberSet();
        for (var i = 0; i < count; i++) set._exact!.Add(reader.UInt32());
        return set;
    }

    private void ToSketch()
    {
        if (_exact is null) return;
        _sketch = new DistinctSketch(Registers);
        foreach (var mark in _exact) _sketch.Add(mark);
        _exact = null;
    }
}
