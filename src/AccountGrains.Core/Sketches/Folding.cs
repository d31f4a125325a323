using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AccountGrains.Core.Sketches;

/// <summary>
/// What a character of a <see cref="PlainText"/> stands for in a sketch: letters become lower case, digits of any kind <c>#</c>, and strokes are
/// taken away from Latin letters.
/// </summary>
internal static class Folding
{
    /// <summary>The character ends a word.</summary>
    public const int Separator = 0;

    /// <summary>The character is left out and does not end the word.</summary>
    public const int Ignored = -1;

    /// <summary>What a digit becomes.</summary>
    public const int Number = '#';

    /// <summary>The number of ASCII characters.</summary>
    public const int AsciiLength = 128;

    // U+00C0..U+017F without their accents; a space is no letter.
    private const string Latin =
        "aaaaaaæceeeeiiiiðnooooo ouuuuyþßaaaaaaæceeeeiiiiðnooooo ouuuuyþy" +
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiĳĳjjkkĸllllllllllnnnnnnŉŋŋooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    // What each ASCII character stands for; an underscore separates, an apostrophe is left out.
    private static ReadOnlySpan<byte> Plain =>
        "________________________________"u8 +
        "_______'________##########______"u8 +
        "_abcdefghijklmnopqrstuvwxyz_____"u8 +
        "_abcdefghijklmnopqrstuvwxyz_____"u8;

    /// <summary>What an ASCII character stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfAscii(int c)
    {
        int code = Plain[c];
        return code >= 'a' || code == Number ? code : code == '_' ? Separator : Ignored;
    }

    /// <summary>Reads the character at a position, moves behind it, and says what it stands for: a letter's code point or one of the constants.</summary>
    public static int Next(ReadOnlySpan<char> text, ref int at)
    {
        var c = text[at];
        if (!char.IsSurrogate(c))
        {
            at++;
            return c < AsciiLength ? OfAscii(c) : OfOther(c);
        }

        if (Rune.DecodeFromUtf16(text[at..], out var rune, out var used) != OperationStatus.Done)
        {
            at++;
            return Separator;
        }

        at += used;
        return ByCategory(Rune.GetUnicodeCategory(rune), Rune.ToLowerInvariant(rune).Value);
    }

    private static int OfOther(char c) => c switch
    {
        >= '\u00C0' and <= '\u017F' => Latin[c - 0xC0] == ' ' ? Separator : Latin[c - 0xC0],
        '\u2019' => Ignored,
        _ => ByCategory(char.GetUnicodeCategory(c), char.ToLowerInvariant(c)),
    };

    private static int ByCategory(UnicodeCategory category, int lower) => category switch
    {
        <= UnicodeCategory.OtherLetter => lower,
        <= UnicodeCategory.EnclosingMark => Ignored,
        <= UnicodeCategory.OtherNumber => Number,
        UnicodeCategory.Format => Ignored,
        _ => Separator,
    };
}
