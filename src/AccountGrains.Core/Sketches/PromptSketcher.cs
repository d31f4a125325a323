using System.Buffers;
using System.Text;

namespace AccountGrains.Core.Sketches;

/// <summary>Turns a prompt into the eight tokens that stand for it. Takes time in proportion to the prompt, and leaves nothing of it behind.</summary>
public static class PromptSketcher
{
    /// <summary>The sketch of a prompt; empty when there is no word in it.</summary>
    public static TemplateSketch Sketch(ReadOnlySpan<char> prompt, SipKey key)
    {
        if (Ascii.IsValid(prompt)) return Sketch(prompt, key, spaceless: false);
        var buffer = ArrayPool<char>.Shared.Rent(PlainText.RoomFor(prompt.Length));
        var plain = buffer.AsSpan(0, PlainText.Write(prompt, buffer.AsSpan(0, PlainText.RoomFor(prompt.Length))));
        var sketch = Sketch(plain, key, Scripts.HasNoSpaces(plain));
        ArrayPool<char>.Shared.Return(buffer);
        return sketch;
    }

    /// <summary>The sketch of a prompt in UTF-8; bytes that are no UTF-8 end a word.</summary>
    public static TemplateSketch Sketch(ReadOnlySpan<byte> utf8Prompt, SipKey key)
    {
        var buffer = ArrayPool<char>.Shared.Rent(Math.Max(1, utf8Prompt.Length));
        var length = Encoding.UTF8.GetChars(utf8Prompt, buffer);
        var sketch = Sketch(buffer.AsSpan(0, length), key);
        ArrayPool<char>.Shared.Return(buffer);
        return sketch;
    }

    private static TemplateSketch Sketch(ReadOnlySpan<char> prompt, SipKey key, bool spaceless)
    {
        if (!TryBuild(prompt, key, spaceless, elide: true, out var sketch)) TryBuild(prompt, key, spaceless, elide: false, out sketch);
        return sketch;
    }

    // Fails when little but quotations and code is left: then they are the prompt, and a template cannot hide in them.
    private static bool TryBuild(ReadOnlySpan<char> prompt, SipKey key, bool spaceless, bool elide, out TemplateSketch sketch)
    {
        var builder = new SketchBuilder(key, spaceless);
        var words = new PromptWords(prompt, key, spaceless, elide);
        while (words.TryNext(out var word)) builder.Add(word);
        sketch = builder.Finish();
        return words.Elided == 0 || builder.Words - words.Elided >= builder.WindowWords;
    }
}
