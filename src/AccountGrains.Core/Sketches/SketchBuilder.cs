using System.Runtime.CompilerServices;

namespace AccountGrains.Core.Sketches;

/// <summary>Makes a sketch from a prompt's words, one after the other, with a fixed amount of memory.</summary>
internal ref struct SketchBuilder(SipKey key, bool spaceless)
{
    private const int MaxWidth = 5;
    private const int MaxWindow = 20;
    private const int BodyTokens = 4;

    // Two orders of the shingles for the two functions of the min-hash, and one salt for each class of token.
    private const ulong FirstOrder = 0xA0761D6478BD642FUL;
    private const ulong SecondOrder = 0xE7037ED1A0B428DBUL;
    private const ulong HeadSalt = 0x8EBC6AF09C88C6E3UL;
    private const ulong TailSalt = 0x589965CC75374CC3UL;
    private const ulong BodySalt = 0x1D8E4E27C47D124FUL;

    private readonly SipKey _key = key;
    private readonly int _width = spaceless ? MaxWidth : 3;

    // Shingles in the first, and the last, 12 words or 24 letters.
    private readonly int _window = spaceless ? MaxWindow : 10;

    // The words whose shingles are still to be hashed, and those before them that are part of these.
    private Pending _pending;
    private int _waiting;
    private Ring _tail;
    private Body _body;
    private MinHash _head;
    private int _bodyCount;
    private int _shingles;

    /// <summary>The number of words so far.</summary>
    public int Words { get; private set; }

    /// <summary>The number of words at the head, and at the tail, that make the tokens of that class.</summary>
    public readonly int WindowWords => _window + _width - 1;

    /// <summary>Adds the next word.</summary>
    public void Add(ulong word)
    {
        Words++;
        _pending[_waiting++] = word;
        if (_waiting == SipHash.Lanes + _width - 1) Hash();
    }

    /// <summary>The sketch of the words so far, to which no more are added.</summary>
    public TemplateSketch Finish()
    {
        for (var i = 0; i + _width <= _waiting; i++) AddShingle(SipHash.Hash(_key, ((ReadOnlySpan<ulong>)_pending)[i..(i + _width)]));
        if (Words > 0 && _shingles == 0) AddShingle(SipHash.Hash(_key, ((ReadOnlySpan<ulong>)_pending)[..Words]));

        var sketch = default(TemplateSketch);
        if (_shingles == 0) return sketch;

        var tail = default(MinHash);
        for (var i = 0; i < Math.Min(_shingles, _window); i++) tail.Add(_tail[i]);
        _head.Write(HeadSalt, ((Span<ulong>)sketch)[..2]);
        tail.Write(TailSalt, ((Span<ulong>)sketch)[2..4]);
        for (var i = 0; i < _bodyCount; i++) sketch[4 + i] = Token(_body[i], BodySalt);
        return sketch;
    }

    /// <summary>Hashes as many shingles as fit side by side.</summary>
    private void Hash()
    {
        Span<ulong> words = _pending, shingles = stackalloc ulong[SipHash.Lanes];
        SipHash.HashLanes(_key, words[.._waiting], _width, shingles);
        foreach (var shingle in shingles) AddShingle(shingle);
        words[SipHash.Lanes.._waiting].CopyTo(words);
        _waiting = _width - 1;
    }

    private void AddShingle(ulong shingle)
    {
        if (_shingles < _window) _head.Add(shingle);
        _tail[_shingles % _window] = shingle;
        _shingles++;
        if (_bodyCount < BodyTokens || shingle < _body[BodyTokens - 1]) AddToBody(shingle);
    }

    private void AddToBody(ulong shingle)
    {
        var at = 0;
        while (at < _bodyCount && _body[at] < shingle) at++;
        if (at < _bodyCount && _body[at] == shingle) return;

        if (_bodyCount < BodyTokens) _bodyCount++;
        for (var i = _bodyCount - 1; i > at; i--) _body[i] = _body[i - 1];
        _body[at] = shingle;
    }

    // The smallest hashes all start with zeros: mixed once more, a token is good for a table.
    private static ulong Token(ulong shingle, ulong salt) => Math.Max(1, Mixing.Mix64(shingle ^ salt));

    private struct MinHash
    {
        private ulong _first;
        private ulong _second;
        private ulong _rankOfFirst;
        private ulong _rankOfSecond;

        public void Add(ulong shingle)
        {
            // Ranks count down, so that the value of a fresh one is the worst.
            var first = ~Mixing.Mix64(shingle ^ FirstOrder);
            var second = ~Mixing.Mix64(shingle ^ SecondOrder);
            if (first >= _rankOfFirst) (_rankOfFirst, _first) = (first, shingle);
            if (second >= _rankOfSecond) (_rankOfSecond, _second) = (second, shingle);
        }

        // When both functions choose the same shingle, it is one token and not two.
        public readonly void Write(ulong salt, Span<ulong> tokens)
        {
            tokens[0] = Token(_first, salt);
            tokens[1] = _second == _first ? 0 : Token(_second, salt);
        }
    }

    [InlineArray(SipHash.Lanes + MaxWidth - 1)]
    private struct Pending
    {
        private ulong _element;
    }

    [InlineArray(MaxWindow)]
    private struct Ring
    {
        private ulong _element;
    }

    [InlineArray(BodyTokens)]
    private struct Body
    {
        private ulong _element;
    }
}
