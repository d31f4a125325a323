using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Door;

/// <summary>
/// What an account is called, as it travels with an observation. A name of up to <see cref="MostInPlace"/> bytes of UTF-8 needs no string: an account keeps one for as long as it is loaded, and
/// what is only on its way to it makes none. <see cref="ObservationReader"/> lets in names of 1 to <see cref="MaxLength"/> UTF-16 units without control, format or surrogate characters.
/// </summary>
public readonly record struct AccountName
{
    /// <summary>The most UTF-16 units of a name.</summary>
    public const int MaxLength = ObservationReader.MaxText;

    /// <summary>The most bytes of UTF-8 that are kept without a string; a UUID has 36.</summary>
    public const int MostInPlace = 39;

    private readonly string? _text;
    private readonly Place _bytes;
    private readonly byte _length;

    /// <summary>A name that is a string already.</summary>
    public AccountName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _text = name;
    }

    /// <summary>A name in UTF-8.</summary>
    public AccountName(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostInPlace)
        {
            _text = Encoding.UTF8.GetString(utf8);
            return;
        }

        utf8.CopyTo(_bytes);
        _length = (byte)utf8.Length;
    }

    /// <summary>A name that is a string already.</summary>
    public static implicit operator AccountName(string name) => new(name);

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => _text is null ? _length == 0 : _text.Length == 0;

    [UnscopedRef]
    private ReadOnlySpan<byte> InPlace => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>True when both are the same characters.</summary>
    public bool Equals(AccountName other) => _text is null && other._text is null ? InPlace.SequenceEqual(other.InPlace) : ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The name as a string: a new one unless it was made from one.</summary>
    public override string ToString() => _text ?? Encoding.UTF8.GetString(InPlace);

    /// <summary>Writes the name as a JSON string.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (_text is null) json.WriteStringValue(InPlace);
        else json.WriteStringValue(_text);
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

    internal static AccountName Read(ref StateReader reader) => new(reader.Utf8());

    internal void Write(StateWriter writer)
    {
        if (_text is null) writer.Utf8(InPlace);
        else writer.Text(_text);
    }

    private static bool IsAllowed(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate);

    [InlineArray(MostInPlace)]
    private struct Place
    {
        private byte _first;
    }
}
