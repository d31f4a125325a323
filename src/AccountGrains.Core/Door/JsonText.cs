using System.Globalization;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>The text of JSON strings, without an exception for one that is no Unicode.</summary>
internal static class JsonText
{
    /// <summary>
    /// Replaces the escapes of a string that a JSON reader has accepted. The destination is as long as the source. False when an escape is a
    /// surrogate without its other half.
    /// </summary>
    public static bool TryUnescape(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            var plain = source.IndexOf((byte)'\\');
            var copied = plain < 0 ? source : source[..plain];
            copied.CopyTo(destination[written..]);
            written += copied.Length;
            if (plain < 0) return true;

            source = source[plain..];
            if (source[1] != 'u')
            {
                destination[written++] = Simple(source[1]);
                source = source[2..];
                continue;
            }

            if (!TryRune(ref source, out var rune)) return false;
            written += rune.EncodeToUtf8(destination[written..]);
        }
    }

    private static bool TryRune(ref ReadOnlySpan<byte> source, out Rune rune)
    {
        var first = Unit(source);
        source = source[6..];
        if (!char.IsSurrogate(first)) return Rune.TryCreate(first, out rune);

        rune = default;
        if (source.Length < 6 || source[0] != '\\' || source[1] != 'u') return false;
        if (!Rune.TryCreate(first, Unit(source), out rune)) return false;
        source = source[6..];
        return true;
    }

    private static char Unit(ReadOnlySpan<byte> escape) => (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escape,
    };
}
