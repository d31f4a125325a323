using System.Buffers;
using System.Text.Json;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Door;

/// <summary>The prompt or its sketch. The prompt is sketched last, when nothing else is wrong, and only when there is no sketch.</summary>
internal ref struct PromptField
{
    private ReadOnlySpan<byte> _prompt;
    private bool _isEscaped;
    private bool _hasSketch;
    private TemplateSketch _sketch;

    /// <summary>Takes the prompt; gives the rule that it breaks, or null.</summary>
    public string? TakePrompt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return "must be a string";
        _prompt = reader.ValueSpan;
        _isEscaped = reader.ValueIsEscaped;
        return null;
    }

    /// <summary>Takes the sketch; gives the rule that it breaks, or null.</summary>
    public string? TakeSketch(ref Utf8JsonReader reader, byte[] scratch)
    {
        const string Rule = "must be base64 of the version 1 and eight tokens";
        if (FieldReader.Text(ref reader, ObservationReader.MaxText, scratch, out var text) is not null) return Rule;
        if (text.IsEmpty) return null;
        _hasSketch = true;
        return SketchCode.TryDecode(text, out _sketch) ? null : Rule;
    }

    /// <summary>The sketch of what was taken, and how much the prompt asks for the reasoning, below 0 without one; gives the rule that the prompt breaks, or null.</summary>
    public readonly string? Finish(SipKey key, out TemplateSketch sketch, out float reasoningElicitation)
    {
        sketch = _sketch;
        reasoningElicitation = -1;
        if (!_isEscaped)
        {
            if (_prompt.IsEmpty) return null;
            if (!_hasSketch) sketch = PromptSketcher.Sketch(_prompt, key);
            reasoningElicitation = ReasoningCues.ScoreOf(_prompt);
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(_prompt.Length);
        var isText = JsonText.TryUnescape(_prompt, buffer, out var length);
        if (isText && !_hasSketch) sketch = PromptSketcher.Sketch(buffer.AsSpan(0, length), key);
        if (isText) reasoningElicitation = ReasoningCues.ScoreOf(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return isText ? null : FieldReader.NotUnicode;
    }
}
