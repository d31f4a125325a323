using System.Buffers.Binary;

namespace AccountGrains.Core;

/// <summary>128 bits as 32 lower-case hex digits; made for each call to an account, and so without the detours of general formatting.</summary>
internal static class HexId
{
    /// <summary>The number of digits.</summary>
    public const int Length = 32;

    /// <summary>Writes the digits in UTF-8.</summary>
    public static void Write(UInt128 value, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        Convert.TryToHexStringLower(bytes, destination, out _);
    }
}
