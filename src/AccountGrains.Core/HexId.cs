using System.Buffers.Binary;
using System.Globalization;

namespace AccountGrains.Core;

/// <summary>128 bits as 32 lower-case hex digits; made for each call to an account, and so without the detours of general formatting.</summary>
internal static class HexId
{
    /// <summary>The number of digits.</summary>
    public const int Length = 32;

    /// <summary>The longest form with the key's id.</summary>
    public const int MaxKeyedLength = 5 + Length;

    /// <summary>Writes <c>k</c>, the id of the key, a dash and the digits in UTF-8; gives their number.</summary>
    public static int WriteKeyed(byte keyId, UInt128 value, Span<byte> destination)
    {
        destination[0] = (byte)'k';
        keyId.TryFormat(destination[1..], out var digits, provider: CultureInfo.InvariantCulture);
        destination[1 + digits] = (byte)'-';
        Write(value, destination[(2 + digits)..]);
        return 2 + digits + Length;
    }

    /// <summary>Writes the digits in UTF-8.</summary>
    public static void Write(UInt128 value, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        Convert.TryToHexStringLower(bytes, destination, out _);
    }
}
