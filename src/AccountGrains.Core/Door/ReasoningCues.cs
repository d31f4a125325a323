using System.Buffers;
using System.Numerics;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>
/// A cheap guess at whether a prompt asks for the reasoning itself, for callers that have no classifier of their own: how many of six ways to ask for it are
/// at its edges, where what is injected stands. One way alone is what many people ask; it says little.
/// </summary>
internal static class ReasoningCues
{
    /// <summary>How much of each end is looked at, in bytes.</summary>
    public const int Edge = 1024;

    private static readonly (byte Way, string Cue)[] English =
    [
        (0, "step by step"), (0, "step-by-step"), (1, "chain of thought"), (1, "chain-of-thought"), (2, "your reasoning"), (2, "internal reasoning"),
        (2, "reasoning process"), (2, "reasoning trace"), (2, "reasoning steps"), (3, "think aloud"), (3, "thinking process"), (3, "your thinking"),
        (3, "thought process"), (3, "train of thought"), (3, "inner monologue"), (4, "scratchpad"), (4, "working memory"), (4, "<thinking>"), (4, "<think>"),
        (4, "<reasoning>"), (5, "before answering"), (5, "before you answer"), (5, "before the final answer"), (5, "before the answer"),
        (5, "before giving the answer"),
    ];

    private static readonly (byte Way, string Cue)[] Others =
    [
        (0, "逐步"), (0, "一步一步"), (0, "段階的に"), (1, "思维链"), (1, "思維鏈"), (1, "思考の連鎖"), (2, "推理过程"), (2, "推理過程"), (2, "推論過程"),
        (3, "思考过程"), (3, "思考過程"),
    ];

    // Words of letters and words of signs are looked for apart: those of ASCII alone are found many letters at a time.
    private static readonly SearchValues<string> Phrases = SearchValues.Create([.. English.Select(e => e.Cue)], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> Signs = SearchValues.Create([.. Others.Select(o => o.Cue[0]).Distinct()]);

    /// <summary>The score of a prompt in UTF-8, 0..1.</summary>
    public static float ScoreOf(ReadOnlySpan<byte> prompt)
    {
        var buffer = ArrayPool<char>.Shared.Rent(Edge);
        var found = WaysIn(prompt[..Math.Min(Edge, prompt.Length)], buffer);
        if (prompt.Length > Edge) found |= WaysIn(prompt[^Edge..], buffer);
        ArrayPool<char>.Shared.Return(buffer);
        return BitOperations.PopCount(found) switch { 0 => 0, 1 => 0.3f, 2 => 0.7f, _ => 1 };
    }

    private static uint WaysIn(ReadOnlySpan<byte> utf8, Span<char> buffer)
    {
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        uint found = 0;
        for (var rest = text; rest.IndexOfAny(Phrases) is var at and >= 0; rest = rest[(at + 1)..]) found |= WayAt(rest[at..], English, StringComparison.OrdinalIgnoreCase);
        if (text.Length == utf8.Length) return found;
        for (var rest = text; rest.IndexOfAny(Signs) is var at and >= 0; rest = rest[(at + 1)..]) found |= WayAt(rest[at..], Others, StringComparison.Ordinal);
        return found;
    }

    private static uint WayAt(ReadOnlySpan<char> text, (byte Way, string Cue)[] cues, StringComparison comparison)
    {
        uint found = 0;
        foreach (var (way, cue) in cues) found |= text.StartsWith(cue, comparison) ? 1u << way : 0;
        return found;
    }
}
