using System.Text;

namespace AccountGrains.Core.Sketches;

/// <summary>Which letters belong to scripts that put no space between words.</summary>
internal static class Scripts
{
    /// <summary>True when the letter is Han, kana, hangul, Thai or Lao.</summary>
    public static bool IsSpaceless(int letter) => letter switch
    {
        < 0x0E00 => false,
        < 0x0F00 => true,
        < 0x1100 => false,
        < 0x1200 => true,
        < 0x3005 => false,
        < 0x3008 => true,
        < 0x3040 => false,
        < 0xA000 => true,
        < 0xA960 => false,
        < 0xA980 => true,
        < 0xAC00 => false,
        < 0xD800 => true,
        < 0xF900 => false,
        < 0xFB00 => true,
        < 0xFF66 => false,
        < 0xFFDD => true,
        < 0x20000 => false,
        _ => true,
    };

    /// <summary>True when at least 30 % of a text's letters belong to such scripts.</summary>
    public static bool HasNoSpaces(ReadOnlySpan<char> text)
    {
        var letters = 0;
        var spaceless = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune)) continue;
            letters++;
            if (IsSpaceless(rune.Value)) spaceless++;
        }

        return letters > 0 && spaceless * 10L >= letters * 3L;
    }
}
