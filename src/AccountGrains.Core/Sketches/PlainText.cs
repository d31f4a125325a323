using System.Buffers;
using System.Globalization;
using System.Text;

namespace AccountGrains.Core.Sketches;

/// <summary>
/// Writes a text so that all ways to write the same letters become one: compatibility forms become what they stand for, accents and marks are left
/// out, jamo become syllables, and a kana with its voice mark the voiced kana. Texts of equal NFKC are equal here. ASCII stays as it is.
/// </summary>
internal ref struct PlainText
{
    private const string Unvoiced = "うかきくけこさしすせそたちつてとはひふへほゝウカキクケコサシスセソタチツテトハヒフヘホワヰヱヲヽ";
    private const string Voiced = "ゔがぎぐげござじずぜぞだぢづでどばびぶべぼゞヴガギグゲゴザジズゼゾダヂヅデドバビブベボヷヸヹヺヾ";
    private const string HalfVoiceless = "はひふへほハヒフヘホ";
    private const string HalfVoiced = "ぱぴぷぺぽパピプペポ";

    // Not by a range: the generic search for one boxes its bounds until the compiler has seen it often.
    private static readonly SearchValues<char> Basic = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c)]);

    private readonly Span<char> _destination;
    private ReadOnlySpan<char> _rest;
    private int _length;

    private PlainText(ReadOnlySpan<char> text, Span<char> destination)
    {
        _rest = text;
        _destination = destination;
    }

    /// <summary>The room that a text needs: forms are shorter than this nearly always, and what finds no room stays as it is.</summary>
    public static int RoomFor(int length) => length + (length / 2) + 64;

    /// <summary>Writes a text; returns how much was written.</summary>
    public static int Write(ReadOnlySpan<char> text, Span<char> destination)
    {
        var plain = new PlainText(text, destination);
        while (!plain._rest.IsEmpty) plain.Next();
        return plain._length;
    }

    private void Next()
    {
        var ascii = _rest.IndexOfAnyExcept(Basic);
        if (ascii < 0) ascii = _rest.Length;
        Take(ascii);
        while (!_rest.IsEmpty && _rest[0] > '\u007F') Character();
    }

    private void Character()
    {
        var c = _rest[0];
        if (c is (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FA') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3'))
        {
            Take(1);
            return;
        }

        if (Rune.DecodeFromUtf16(_rest, out var rune, out var used) != OperationStatus.Done)
        {
            Take(used);
            return;
        }

        if (c is '\u3099' or '\u309A' or '\uFF9E' or '\uFF9F') Voice(c is '\u3099' or '\uFF9E');
        else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark) _rest = _rest[used..];
        else if (CompatibilityForms.Find(rune.Value) is { IsEmpty: false } form && _length + form.Length + _rest.Length - used <= _destination.Length) Put(form, used);
        else if (used > 1 || !TryJoin(c)) Take(used);
    }

    private void Take(int count)
    {
        _rest[..count].CopyTo(_destination[_length..]);
        _length += count;
        _rest = _rest[count..];
    }

    private void Put(ReadOnlySpan<char> form, int used)
    {
        _rest = _rest[used..];
        foreach (var letter in form)
        {
            if (!Joins(letter)) _destination[_length++] = letter;
        }
    }

    private bool TryJoin(char letter)
    {
        if (!Joins(letter)) return false;
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Joins a jamo to the syllable before it.</summary>
    private readonly bool Joins(char letter)
    {
        if (_length == 0 || letter is < '\u1161' or > '\u11C2') return false;
        ref var last = ref _destination[_length - 1];
        if (letter <= '\u1175' && last is >= '\u1100' and <= '\u1112')
        {
            last = (char)('\uAC00' + (((last - '\u1100') * 21) + letter - '\u1161') * 28);
            return true;
        }

        if (letter < '\u11A8' || last is < '\uAC00' or > '\uD7A3' || (last - '\uAC00') % 28 != 0) return false;
        last = (char)(last + letter - '\u11A7');
        return true;
    }

    private void Voice(bool full)
    {
        _rest = _rest[1..];
        if (_length == 0) return;
        ref var last = ref _destination[_length - 1];
        var at = (full ? Unvoiced : HalfVoiceless).IndexOf(last, StringComparison.Ordinal);
        if (at >= 0) last = (full ? Voiced : HalfVoiced)[at];
    }
}
