using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// Which fingerprints an account reported lately, so that it reports only what is new: rings of the last 34 template tokens (24 bits of each) and
/// the last 20 other values (32 bits). At a refresh both are emptied, so that what a lost message took is reported again.
/// </summary>
public struct ReportMemory
{
    /// <summary>The size of the stored form in bytes.</summary>
    public const int StoredSize = (TokenCount * 3) + (ValueCount * 4) + 2 + 4;

    private const int TokenCount = 34;
    private const int FourthTokenCount = 35;
    private const int SecondTokenCount = 41;
    private const int FirstTokenCount = 48;
    private const int ValueCount = 20;
    private TokenStarts _starts;
    private TokenEnds _ends;
    private ValueRing _values;
    private byte _nextToken;
    private byte _nextValue;
    private uint _refresh;

    /// <summary>Empties the rings when a refresh is due, also because the interval changed. Accounts refresh at different moments of it. The time never moves back.</summary>
    public void Refresh(long time, ulong account, long interval)
    {
        var period = (uint)((time + (long)(account % (ulong)interval)) / interval);
        if (period == _refresh) return;
        _refresh = period;
        _starts = default;
        _ends = default;
        ((Span<uint>)_values).Clear();
    }

    /// <summary>Notes a template token; true when it is new.</summary>
    public bool AddToken(ulong token)
    {
        var mark = (uint)(token >> 40) | 1;
        if (Holds(mark)) return false;
        Put(_nextToken, mark);
        _nextToken = (byte)((_nextToken + 1) % TokenCount);
        return true;
    }

    /// <summary>Notes another value; true when it is new.</summary>
    public bool AddValue(ulong token)
    {
        var mark = (uint)(token >> 32) | 1;
        if (((ReadOnlySpan<uint>)_values).Contains(mark)) return false;
        _values[_nextValue] = mark;
        _nextValue = (byte)((_nextValue + 1) % ValueCount);
        return true;
    }

    internal readonly void Write(StateWriter writer)
    {
        for (var i = 0; i < TokenCount; i++) writer.UInt24(((uint)_starts[i] << 8) | _ends[i]);
        foreach (var mark in (ReadOnlySpan<uint>)_values) writer.UInt32(mark);
        writer.Byte(_nextToken);
        writer.Byte(_nextValue);
        writer.UInt32(_refresh);
    }

    /// <summary>Reads the stored form of an account's schema; the first four had more tokens.</summary>
    internal static ReportMemory Read(ref StateReader reader, byte schema)
    {
        var memory = new ReportMemory();
        for (var i = 0; i < (schema < 3 ? FirstTokenCount : schema < 4 ? SecondTokenCount : schema < 5 ? FourthTokenCount : TokenCount); i++)
        {
            var mark = reader.UInt24();
            if (i < TokenCount) memory.Put(i, mark);
        }

        for (var i = 0; i < ValueCount; i++) memory._values[i] = reader.UInt32();
        memory._nextToken = (byte)(reader.Byte() % TokenCount);
        memory._nextValue = (byte)(reader.Byte() % ValueCount);
        memory._refresh = reader.UInt32();
        return memory;
    }

    private readonly bool Holds(uint mark)
    {
        ReadOnlySpan<ushort> starts = _starts;
        for (var from = 0; starts[from..].IndexOf((ushort)(mark >> 8)) is var at and >= 0; from += at + 1)
        {
            if (_ends[from + at] == (byte)mark) return true;
        }

        return false;
    }

    private void Put(int place, uint mark) => (_starts[place], _ends[place]) = ((ushort)(mark >> 8), (byte)mark);

    // The upper 16 of a mark's 24 bits, and the lower 8 of it: there is one of these for each account.
    [InlineArray(TokenCount)]
    private struct TokenStarts
    {
        private ushort _first;
    }

    [InlineArray(TokenCount)]
    private struct TokenEnds
    {
        private byte _first;
    }

    [InlineArray(ValueCount)]
    private struct ValueRing
    {
        private uint _first;
    }
}
