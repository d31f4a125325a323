using System.Globalization;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>What an account may be called: 1 to 256 UTF-16 units without control, format or surrogate characters.</summary>
public static class AccountName
{
    /// <summary>The most UTF-16 units of a name.</summary>
    public const int MaxLength = 256;

    /// <summary>True when an account may be called so.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength) return false;
        foreach (var c in name)
        {
            if (!IsAllowed(char.GetUnicodeCategory(c))) return false;
        }

        return true;
    }

    /// <summary>True when the characters of a name in valid UTF-8 are allowed; says nothing about its length.</summary>
    internal static bool HasAllowedCharacters(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return true;
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var used);
            if (!rune.IsBmp || !IsAllowed(Rune.GetUnicodeCategory(rune))) return false;
            utf8 = utf8[used..];
        }

        return true;
    }

    private static bool IsAllowed(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate);
}
