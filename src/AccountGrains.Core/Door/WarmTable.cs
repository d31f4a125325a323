using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Door;

/// <summary>What is remembered of a raw value: its ids, and its text where that is kept.</summary>
internal sealed class WarmValue(byte kind, byte[] raw, UInt128 first, UInt128 second, string? text)
{
    public byte Kind { get; } = kind;

    public byte[] Raw { get; } = raw;

    public UInt128 First { get; } = first;

    public UInt128 Second { get; } = second;

    public string? Text { get; } = text;

    /// <summary>Set by a hit; a value with it is passed over once when room is needed.</summary>
    public bool Used { get; set; }
}

/// <summary>
/// A table of the raw values seen lately, bounded by count. When a set of up to eight is full, one not used since the last search for room
/// falls out. Any number of threads may use it: values never change, and a lost race only costs a later miss.
/// </summary>
internal sealed class WarmTable
{
    private const int MaxWays = 8;

    private readonly SipKey _key;
    private readonly WarmValue?[] _values;
    private readonly ulong[] _tags;
    private readonly ulong[] _seenOnce;
    private readonly int _ways;
    private readonly int _setMask;
    private uint _turn;

    public WarmTable(SipKey key, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _key = key;
        _ways = Math.Min(MaxWays, capacity);
        var sets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((capacity / _ways) + 1)) / 2;
        _setMask = sets - 1;
        _values = new WarmValue?[sets * _ways];
        _tags = new ulong[sets * _ways];
        _seenOnce = new ulong[sets * _ways];
    }

    /// <summary>Finds a value; the tag is for <see cref="Add"/> when there is none.</summary>
    public WarmValue? Find(byte kind, ReadOnlySpan<byte> raw, out ulong tag)
    {
        tag = SipHash.Hash(_key, raw) + kind;
        var start = StartOf(tag);
        for (var i = start; i < start + _ways; i++)
        {
            // The tag only says where to look: a value is the one asked for when all its bytes are.
            if (_tags[i] != tag || Volatile.Read(ref _values[i]) is not { } value) continue;
            if (value.Kind != kind || !raw.SequenceEqual(value.Raw)) continue;
            if (!value.Used) value.Used = true;
            return value;
        }

        return null;
    }

    /// <summary>True when a value has been asked for lately: one that nobody asks for twice costs no memory and pushes nothing out.</summary>
    public bool IsWorthKeeping(ulong tag)
    {
        var start = StartOf(tag);
        if (_seenOnce.AsSpan(start, _ways).Contains(tag)) return true;
        _seenOnce[start + (int)(_turn++ % (uint)_ways)] = tag;
        return false;
    }

    /// <summary>Keeps a value, in place of another when there is no room.</summary>
    public void Add(ulong tag, WarmValue value)
    {
        var place = PlaceIn(StartOf(tag));
        Volatile.Write(ref _values[place], value);
        _tags[place] = tag;
    }

    private int StartOf(ulong tag) => ((int)(tag >> 16) & _setMask) * _ways;

    private int PlaceIn(int start)
    {
        var free = _values.AsSpan(start, _ways).IndexOf((WarmValue?)null);
        if (free >= 0) return start + free;

        var first = (int)(_turn++ % (uint)_ways);
        for (var i = 0; i < _ways; i++)
        {
            var at = start + ((first + i) % _ways);
            if (_values[at] is not { Used: true } kept) return at;
            kept.Used = false;
        }

        return start + first;
    }
}
