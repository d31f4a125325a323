namespace AccountGrains.Core.Sketches;

/// <summary>
/// Finds the parts of a prompt that stand for one word each: URLs, fenced code blocks and long quotations. A search that found no end is
/// not repeated, so that the work over a whole text stays linear.
/// </summary>
internal ref struct Elision(ReadOnlySpan<char> text)
{
    /// <summary>A quotation of at most this many characters is read like any other text.</summary>
    public const int LongestReadQuotation = 40;

    private const string Fence = "```";
    private const string Closers = "\"”»」』";

    private readonly ReadOnlySpan<char> _text = text;
    private int _withoutEnd;
    private int _readUntil;
    private bool _noFence;

    /// <summary>The end of the URL that starts at a position, or the position itself when none does.</summary>
    public readonly int EndOfUrl(int at)
    {
        var rest = _text[at..];
        if (rest.Length < 5 || (rest[1] | 0x20) is not ('t' or 'w')) return at;
        if (!rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            && !rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) return at;

        var end = at + 4;
        while (end < _text.Length && _text[end] is > ' ' and < '\u007F' and not ('"' or '<' or '>' or '`')) end++;
        return end;
    }

    /// <summary>The end of the code block or long quotation that starts at a position, or the position itself when none does.</summary>
    public int EndOfBlock(int at)
    {
        if (_text[at] == '`') return EndOfFence(at);
        if (at < _readUntil) return at;

        var closer = CloserOf(at);
        if (closer < 0 || (_withoutEnd & (1 << closer)) != 0) return at;

        var length = _text[(at + 1)..].IndexOf(Closers[closer]);
        if (length < 0)
        {
            _withoutEnd |= 1 << closer;
            return at;
        }

        var end = at + length + 2;
        if (length > LongestReadQuotation) return end;
        _readUntil = end;
        return at;
    }

    private int EndOfFence(int at)
    {
        if (_noFence || !_text[at..].StartsWith(Fence)) return at;
        var length = _text[(at + Fence.Length)..].IndexOf(Fence);
        if (length >= 0) return at + length + (2 * Fence.Length);
        _noFence = true;
        return at;
    }

    private readonly int CloserOf(int at) => _text[at] switch
    {
        // Behind a letter or digit it is a closing mark, or inches.
        '"' => at > 0 && char.IsLetterOrDigit(_text[at - 1]) ? -1 : 0,
        '“' => 1,
        '«' => 2,
        '「' => 3,
        '『' => 4,
        _ => -1,
    };
}
