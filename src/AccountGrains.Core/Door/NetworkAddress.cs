using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace AccountGrains.Core.Door;

/// <summary>An address as its network byte order: 4 bytes, or the first 8 of IPv6, behind which one customer moves at will.</summary>
internal static class NetworkAddress
{
    /// <summary>The most bytes that <see cref="TryRead"/> writes.</summary>
    public const int MaxBytes = 8;

    private const int MaxTextLength = 45;

    private static readonly SearchValues<byte> SixCharacters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads an address; false for anything else, ports, zones and IPv4 in unusual notations included.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        written = 0;
        if (utf8.Length is 0 or > MaxTextLength) return false;
        return utf8.Contains((byte)':') ? TryReadSix(utf8, destination, out written) : TryReadFour(utf8, destination, out written);
    }

    /// <summary>The bytes of the prefix: a /24 of IPv4, a /48 of IPv6.</summary>
    public static ReadOnlySpan<byte> PrefixOf(ReadOnlySpan<byte> address) => address[..(address.Length == 4 ? 3 : 6)];

    private static bool TryReadFour(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        written = 0;
        foreach (var range in utf8.Split((byte)'.'))
        {
            var part = utf8[range];
            if (written == 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')) return false;

            var value = 0;
            foreach (var digit in part)
            {
                if (digit is < (byte)'0' or > (byte)'9') return false;
                value = (value * 10) + digit - '0';
            }

            if (value > byte.MaxValue) return false;
            destination[written++] = (byte)value;
        }

        return written == 4;
    }

    private static bool TryReadSix(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        written = 0;
        if (utf8.ContainsAnyExcept(SixCharacters)) return false;
        if (!IPAddress.TryParse(utf8, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return false;

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var kept = address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..MaxBytes];
        kept.CopyTo(destination);
        written = kept.Length;
        return true;
    }
}
