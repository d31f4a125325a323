using System.Buffers.Binary;
using System.Text;

namespace AccountGrains.Core.States;

/// <summary>Reads what a <see cref="StateWriter"/> wrote. A record that ends too early throws <see cref="InvalidDataException"/>.</summary>
public ref struct StateReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>The number of bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Next(1)[0];

    /// <summary>Reads a flag.</summary>
    public bool Bool() => Byte() != 0;

    /// <summary>Reads 16 bits.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Next(2));

    /// <summary>Reads 24 bits.</summary>
    public uint UInt24() => UInt16() | ((uint)Byte() << 16);

    /// <summary>Reads 32 bits.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Next(4));

    /// <summary>Reads 32 bits.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Next(4));

    /// <summary>Reads 64 bits.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Next(8));

    /// <summary>Reads 64 bits.</summary>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Next(8));

    /// <summary>Reads 128 bits.</summary>
    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Next(16));

    /// <summary>Reads a single.</summary>
    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Next(4));

    /// <summary>Reads a double.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Next(8));

    /// <summary>Reads as many bytes as the destination holds.</summary>
    public void Bytes(scoped Span<byte> destination) => Next(destination.Length).CopyTo(destination);

    /// <summary>Reads bytes behind their number.</summary>
    public ReadOnlySpan<byte> Block() => Next(Count(Remaining));

    /// <summary>Reads an account's id.</summary>
    public AccountId Account() => new(Byte(), UInt128());

    /// <summary>Reads a fingerprint.</summary>
    public Fingerprint Fingerprint() => new((FingerprintKind)Byte(), Byte(), UInt128());

    /// <summary>Reads a text or null.</summary>
    public string? Text()
    {
        var length = UInt16();
        return length == ushort.MaxValue ? null : Encoding.UTF8.GetString(Next(length));
    }

    /// <summary>Reads a text as the UTF-8 that it is stored in; null reads as nothing.</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        var length = UInt16();
        return length == ushort.MaxValue ? default : Next(length);
    }

    /// <summary>Reads a count and checks it against a limit, so that a damaged record cannot ask for memory without bound.</summary>
    public int Count(int limit)
    {
        var count = Int32();
        return count >= 0 && count <= limit ? count : throw new InvalidDataException($"A count of {count} is outside 0..{limit}.");
    }

    private ReadOnlySpan<byte> Next(int count)
    {
        if (count > _rest.Length) throw new InvalidDataException($"The record ends {count - _rest.Length} bytes too early.");
        var next = _rest[..count];
        _rest = _rest[count..];
        return next;
    }
}
