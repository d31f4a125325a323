namespace AccountGrains.Core.Sketches;

/// <summary>
/// Reads a prompt as hashed words: lower case, numbers as <c>#</c>, URLs, code blocks and long quotations as one word each, everything
/// that is no letter dropped. Where words have no spaces, each letter of such a script is a word.
/// </summary>
internal ref struct PromptWords(ReadOnlySpan<char> text, SipKey key, bool spaceless, bool elide)
{
    // Codes that no letter has, so that no word is equal to a placeholder.
    private const int Url = 1;
    private const int Block = 2;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly SipKey _key = key;
    private Elision _elision = new(text);
    private ulong _lastStandIn;
    private int _at;

    /// <summary>The number of quotations and code blocks that were left out.</summary>
    public int Elided { get; private set; }

    /// <summary>Moves to the next word; false at the end.</summary>
    public bool TryNext(out ulong word)
    {
        while (TryRead(out word, out var standsIn))
        {
            // A table of numbers or a list of links is as long as its payload: any number of them in a row count as one.
            if (standsIn && word == _lastStandIn) continue;
            _lastStandIn = standsIn ? word : 0;
            return true;
        }

        return false;
    }

    private bool TryRead(out ulong word, out bool standsIn)
    {
        var hash = new WordHash(_key);
        var onlyNumber = true;
        var inNumber = false;
        while (_at < _text.Length)
        {
            if (hash.Letters == 0 && TrySkip(out var placeholder))
            {
                hash.Add(placeholder);
                break;
            }

            var before = _at;
            var c = _text[before];
            var code = c < Folding.AsciiLength ? Folding.OfAscii(c) : Folding.Next(_text, ref _at);
            if (c < Folding.AsciiLength) _at = before + 1;
            if (code == Folding.Ignored) continue;

            var isWordAlone = spaceless && Scripts.IsSpaceless(code);
            if (hash.Letters > 0 && (code == Folding.Separator || isWordAlone))
            {
                // A quotation may start right here.
                _at = before;
                break;
            }

            if (code == Folding.Separator) continue;
            if (code != Folding.Number || !inNumber) hash.Add(code);
            inNumber = code == Folding.Number;
            onlyNumber &= inNumber;
            if (isWordAlone) break;

            // What follows is mostly the word's other letters, and these are mostly ASCII.
            var end = hash.AddAsciiLetters(_text, _at);
            if (end > _at) inNumber = onlyNumber = false;
            _at = end;

            // And behind them is mostly a space, at which nothing begins that is to be looked at.
            if (_at == _text.Length || _text[_at] != ' ') continue;
            _at++;
            break;
        }

        word = hash.Finish();
        standsIn = onlyNumber;
        return hash.Letters > 0;
    }

    private bool TrySkip(out int placeholder)
    {
        placeholder = 0;
        var c = _text[_at];
        if ((c | 0x20) is 'h' or 'w')
        {
            var end = _elision.EndOfUrl(_at);
            if (end == _at) return false;
            _at = end;
            placeholder = Url;
            return true;
        }

        if (!elide || c is not ('"' or '`' or '“' or '«' or '「' or '『')) return false;
        var endOfBlock = _elision.EndOfBlock(_at);
        if (endOfBlock == _at) return false;
        _at = endOfBlock;
        placeholder = Block;
        Elided++;
        return true;
    }
}
