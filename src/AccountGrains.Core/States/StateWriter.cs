using System.Buffers.Binary;
using System.Text;

namespace AccountGrains.Core.States;

/// <summary>Writes a state's stored form: little-endian, in a fixed order, behind a schema byte that the caller writes first.</summary>
public sealed class StateWriter(int capacity = 1024)
{
    private byte[] _buffer = new byte[capacity];

    /// <summary>The number of bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The number of bytes that it has memory for.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>What was written, until more is.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Begins anew, in the same memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _buffer.AsSpan(0, Length).ToArray();

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value) => Next(1)[0] = value;

    /// <summary>Writes a flag.</summary>
    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 16 bits.</summary>
    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(2), value);

    /// <summary>Writes the lowest 24 bits.</summary>
    public void UInt24(uint value)
    {
        UInt16((ushort)value);
        Byte((byte)(value >> 16));
    }

    /// <summary>Writes 32 bits.</summary>
    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(4), value);

    /// <summary>Writes 32 bits.</summary>
    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(4), value);

    /// <summary>Writes 64 bits.</summary>
    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Next(8), value);

    /// <summary>Writes 64 bits.</summary>
    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(8), value);

    /// <summary>Writes 128 bits.</summary>
    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Next(16), value);

    /// <summary>Writes a single.</summary>
    public void Single(float value) => BinaryPrimitives.WriteSingleLittleEndian(Next(4), value);

    /// <summary>Writes a double.</summary>
    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Next(8), value);

    /// <summary>Writes the bytes as they are, without their number.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    /// <summary>Writes bytes behind their number.</summary>
    public void Block(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        Bytes(value);
    }

    /// <summary>Writes an account's id.</summary>
    public void Account(AccountId id)
    {
        Byte(id.KeyId);
        UInt128(id.Value);
    }

    /// <summary>Writes a fingerprint.</summary>
    public void Fingerprint(Fingerprint fingerprint)
    {
        Byte((byte)fingerprint.Kind);
        Byte(fingerprint.KeyId);
        UInt128(fingerprint.Value);
    }

    /// <summary>Writes a text of at most 65,534 bytes of UTF-8, or null.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            UInt16(ushort.MaxValue);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(length, ushort.MaxValue, nameof(value));
        UInt16((ushort)length);
        Encoding.UTF8.GetBytes(value, Next(length));
    }

    /// <summary>Writes a text that is UTF-8 already, of at most 65,534 bytes, in the form of <see cref="Text"/>.</summary>
    public void Utf8(ReadOnlySpan<byte> utf8)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(utf8.Length, ushort.MaxValue, nameof(utf8));
        UInt16((ushort)utf8.Length);
        Bytes(utf8);
    }

    private Span<byte> Next(int count)
    {
        if (Length + count > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
