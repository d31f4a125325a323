using System.Buffers;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>
/// A cheap guess at whether a prompt asks for the reasoning itself, for callers that have no classifier of their own: how many of six ways to ask for it are
/// at its edges, where what is injected stands. One way alone is what many people ask; it says little.
/// </summary>
internal static class ReasoningCues
{
    /// <summary>How much of each end is looked at, in bytes.</summary>
    public const int Edge = 2048;

    private static readonly string[][] Ways =
    [
        ["step by step", "step-by-step", "逐步", "一步一步", "段階的に"],
        ["chain of thought", "chain-of-thought", "思维链", "思維鏈", "思考の連鎖"],
        ["your reasoning", "internal reasoning", "reasoning process", "reasoning trace", "reasoning steps", "推理过程", "推理過程", "推論過程"],
        ["think aloud", "thinking process", "your thinking", "thought process", "train of thought", "inner monologue", "思考过程", "思考過程"],
        ["scratchpad", "working memory", "<thinking>", "<think>", "<reasoning>"],
        ["before answering", "before you answer", "before the final answer", "before the answer", "before giving the answer"],
    ];

    private static readonly string[] Cues = [.. Ways.SelectMany(w => w)];
    private static readonly byte[] WayOf = [.. Ways.SelectMany((w, i) => Enumerable.Repeat((byte)i, w.Length))];
    private static readonly SearchValues<string> All = SearchValues.Create(Cues, StringComparison.OrdinalIgnoreCase);

    /// <summary>The score of a prompt in UTF-8, 0..1.</summary>
    public static float ScoreOf(ReadOnlySpan<byte> prompt)
    {
        Span<char> text = stackalloc char[Edge];
        var found = prompt.Length <= Edge ? WaysIn(prompt, text) : WaysIn(prompt[..Edge], text) | WaysIn(prompt[^Edge..], text);
        return System.Numerics.BitOperations.PopCount(found) switch { 0 => 0, 1 => 0.3f, 2 => 0.7f, _ => 1 };
    }

    private static uint WaysIn(ReadOnlySpan<byte> utf8, Span<char> buffer)
    {
        ReadOnlySpan<char> rest = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        uint found = 0;
        for (var at = rest.IndexOfAny(All); at >= 0; at = rest.IndexOfAny(All))
        {
            rest = rest[at..];
            for (var i = 0; i < Cues.Length; i++)
            {
                if (rest.StartsWith(Cues[i], StringComparison.OrdinalIgnoreCase)) found |= 1u << WayOf[i];
            }

            rest = rest[1..];
        }

        return found;
    }
}
