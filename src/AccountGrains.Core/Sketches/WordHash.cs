using System.Runtime.CompilerServices;

namespace AccountGrains.Core.Sketches;

/// <summary>
/// A keyed hash of one word, letter by letter. It only has to make equal what is equal and unlikely equal what is not: nobody sees its
/// output before <see cref="SipHash"/> has gone over it.
/// </summary>
internal struct WordHash(SipKey key)
{
    private const int LettersInABlock = 3;
    private const int BitsOfALetter = 21;

    private readonly ulong _multiplier = key.Second | 1;
    private ulong _hash = key.First;
    private ulong _block;
    private int _letters;

    /// <summary>The number of letters so far.</summary>
    public readonly int Letters => _letters;

    /// <summary>Adds one code point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int letter)
    {
        _block = (_block << BitsOfALetter) | (uint)letter;
        if ((uint)++_letters % LettersInABlock != 0) return;
        _hash = Fold(_hash ^ _block);
        _block = 0;
    }

    /// <summary>Adds the ASCII letters at a place of a text, as lower case; returns the place behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int AddAsciiLetters(ReadOnlySpan<char> text, int at)
    {
        while (true)
        {
            // Three at a time, where a block begins.
            if ((uint)_letters % LettersInABlock == 0)
            {
                for (; at + 2 < text.Length && char.IsAsciiLetter(text[at]) && char.IsAsciiLetter(text[at + 1]) && char.IsAsciiLetter(text[at + 2]); at += LettersInABlock)
                {
                    _hash = Fold(_hash ^ ((Lower(text[at]) << (2 * BitsOfALetter)) | (Lower(text[at + 1]) << BitsOfALetter) | Lower(text[at + 2])));
                    _letters += LettersInABlock;
                }
            }

            if (at >= text.Length || !char.IsAsciiLetter(text[at])) return at;
            Add((int)Lower(text[at++]));
        }
    }

    /// <summary>The hash of the letters so far.</summary>
    public readonly ulong Finish() => Fold(Fold(_hash ^ _block) ^ (ulong)_letters);

    private static ulong Lower(char letter) => (ulong)letter | 0x20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Fold(ulong value)
    {
        var high = Math.BigMul(value, _multiplier, out var low);
        return high ^ low ^ value;
    }
}
