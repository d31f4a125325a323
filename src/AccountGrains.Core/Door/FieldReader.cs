using System.Text;
using System.Text.Json;

namespace AccountGrains.Core.Door;

/// <summary>Reads single values. Each method gives the rule that the value breaks, or null.</summary>
internal static class FieldReader
{
    /// <summary>The most bytes in which JSON can write a text of <see cref="ObservationReader.MaxText"/> UTF-16 units: the scratch space that reading one needs.</summary>
    public const int ScratchBytes = 6 * ObservationReader.MaxText;

    public const string NotUnicode = "must be valid Unicode";

    public const string HasNul = "must not contain U+0000";

    /// <summary>Reads a text of at most so many UTF-16 units.</summary>
    public static string? Text(ref Utf8JsonReader reader, int maxLength, byte[] scratch, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (reader.TokenType != JsonTokenType.String) return "must be a string";
        if (reader.ValueSpan.Length > 6 * maxLength) return TooLong(maxLength);
        if (!TryUnescape(ref reader, scratch, out text)) return NotUnicode;
        if (text.Length > maxLength && Encoding.UTF8.GetCharCount(text) > maxLength) return TooLong(maxLength);
        return text.Contains((byte)0) ? HasNul : null;
    }

    /// <summary>Reads an integer in a range.</summary>
    public static string? Integer(ref Utf8JsonReader reader, long min, long max, string rule, out long value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value) && value >= min && value <= max ? null : rule;
    }

    /// <summary>The text of the current name or string; empty for a name that is too long to be known. False when it is no Unicode.</summary>
    public static bool TryUnescape(ref Utf8JsonReader reader, byte[] scratch, out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped) return true;

        text = default;
        if (reader.ValueSpan.Length > scratch.Length) return true;
        if (!JsonText.TryUnescape(reader.ValueSpan, scratch, out var written)) return false;
        text = scratch.AsSpan(0, written);
        return true;
    }

    private static string TooLong(int maxLength) => maxLength switch
    {
        128 => "must have at most 128 characters",
        _ => "must have at most 256 characters",
    };
}
