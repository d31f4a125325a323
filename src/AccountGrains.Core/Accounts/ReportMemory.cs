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
    private TokenRing _tokens;
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
        ((Span<uint>)_tokens).Clear();
        ((Span<uint>)_values).Clear();
    }

    /// <summary>Notes a template token; true when it is new.</summary>
    public bool AddToken(ulong token)
    {
        var mark = (uint)(token >> 40) | 1;
        return Add(_tokens, ref _nextToken, mark);
    }

    /// <summary>Notes another value; true when it is new.</summary>
    public bool AddValue(ulong token)
    {
        var mark = (uint)(token >> 32) | 1;
        return Add(_values, ref _nextValue, mark);
    }

    internal readonly void Write(StateWriter writer)
    {
        foreach (var mark in (ReadOnlySpan<uint>)_tokens) writer.UInt24(mark);
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
            if (i < TokenCount) memory._tokens[i] = mark;
        }

        for (var i = 0; i < ValueCount; i++) memory._values[i] = reader.UInt32();
        memory._nextToken = (byte)(reader.Byte() % TokenCount);
        memory._nextValue = (byte)(reader.Byte() % ValueCount);
        memory._refresh = reader.UInt32();
        return memory;
    }

    private static bool Add(Span<uint> ring, ref byte next, uint mark)
    {
        if (ring.Contains(mark)) return false;
        ring[next] = mark;
        next = (byte)((next + 1) % ring.Length);
        return true;
    }

    [InlineArray(TokenCount)]
    private struct TokenRing
    {
        private uint _first;
    }

    [InlineArray(ValueCount)]
    private struct ValueRing
    {
        private uint _first;
    }
}
