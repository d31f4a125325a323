using System.Buffers.Binary;
using System.Buffers.Text;

namespace AccountGrains.Core.Door;

/// <summary>An address as its network byte order: 4 bytes, or the first 8 of IPv6, behind which one customer moves at will.</summary>
internal static class NetworkAddress
{
    /// <summary>The most bytes that <see cref="TryRead"/> writes.</summary>
    public const int MaxBytes = 8;

    private const int MaxTextLength = 45;

    /// <summary>How an IPv4 address begins that is written as IPv6.</summary>
    private static ReadOnlySpan<byte> MappedFour => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

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

    /// <summary>By hand, since <see cref="System.Net.IPAddress"/> leaves an object behind for each address that was not seen before.</summary>
    private static bool TryReadSix(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        written = 0;
        Span<byte> bytes = stackalloc byte[16];
        if (!TryReadGroups(utf8, bytes)) return false;
        var kept = bytes.StartsWith(MappedFour) ? bytes[MappedFour.Length..] : bytes[..MaxBytes];
        kept.CopyTo(destination);
        written = kept.Length;
        return true;
    }

    /// <summary>Reads groups of 16 bits in hex, of which the last two may be an IPv4 address, and at most once "::" for those that are 0.</summary>
    private static bool TryReadGroups(ReadOnlySpan<byte> utf8, Span<byte> bytes)
    {
        bytes.Clear();
        var at = 0;
        var gap = -1;
        if (utf8.StartsWith("::"u8))
        {
            gap = 0;
            utf8 = utf8[2..];
        }

        while (!utf8.IsEmpty)
        {
            var colon = utf8.IndexOf((byte)':');
            var group = colon < 0 ? utf8 : utf8[..colon];
            if (!TryReadGroup(group, isLast: colon < 0, bytes[at..], out var size)) return false;
            at += size;
            if (colon < 0) break;
            utf8 = utf8[(colon + 1)..];
            if (utf8.IsEmpty) return false;
            if (utf8[0] != (byte)':') continue;
            if (gap >= 0) return false;
            gap = at;
            utf8 = utf8[1..];
        }

        if (gap < 0) return at == bytes.Length;
        if (at > bytes.Length - 2) return false;
        var behind = bytes[gap..at];
        behind.CopyTo(bytes[(bytes.Length - behind.Length)..]);
        bytes[gap..(bytes.Length - behind.Length)].Clear();
        return true;
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> group, bool isLast, Span<byte> bytes, out int size)
    {
        size = 0;
        if (isLast && group.Contains((byte)'.')) return bytes.Length >= 4 && TryReadFour(group, bytes, out size);
        if (group.Length is 0 or > 4 || bytes.IsEmpty || !Utf8Parser.TryParse(group, out ushort value, out var used, 'x') || used != group.Length) return false;
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        size = 2;
        return true;
    }
}
