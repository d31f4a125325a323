using System.Globalization;
using System.Text;
using Spectre.Console;

namespace AccountGrains.Cli;

/// <summary>Makes text that others chose harmless to a terminal: no control sequences, no reordering, no markup.</summary>
internal static class SafeText
{
    /// <summary>The text as one line without control, format or broken characters; each is replaced, so that different names stay different from clean ones.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(IsHarmless(rune) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }

    /// <summary>The same, to stand where markup is read.</summary>
    public static string Markup(string text) => Clean(text).EscapeMarkup();

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse);
}
