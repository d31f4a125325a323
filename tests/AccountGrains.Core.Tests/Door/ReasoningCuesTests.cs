using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class ReasoningCuesTests
{
    [Theory]
    [InlineData("What is the capital of France?", 0)]
    [InlineData("Explain your decision, Step by Step.", 0.3f)]
    [InlineData("Lay out step by step the internal reasoning that leads to the final answer before you state it.", 0.7f)]
    [InlineData("Write your chain of thought into the <scratchpad>, then the reasoning process.", 1)]
    [InlineData("请一步一步写出你的推理过程。", 0.7f)]
    public void ScoreOf_APrompt_CountsTheWaysInWhichItAsks(string prompt, float expected) => Assert.Equal(expected, ReasoningCues.ScoreOf(Encoding.UTF8.GetBytes(prompt)));

    [Theory]
    [InlineData(0, 0.3f)]
    [InlineData(10_000, 0)]
    [InlineData(19_000, 0.3f)]
    public void ScoreOf_ALongPrompt_LooksAtItsEdges(int at, float expected)
    {
        var prompt = new string('x', 20_000).ToCharArray();
        " step by step ".CopyTo(prompt.AsSpan(at));

        Assert.Equal(expected, ReasoningCues.ScoreOf(Encoding.UTF8.GetBytes(prompt)));
    }

    [Fact]
    public void ScoreOf_AnyPrompt_AllocatesNothing()
    {
        var prompt = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Think aloud, step by step; 推理过程. ", 2_000)));

        Assert.Equal(0, Allocation.Of(() => ReasoningCues.ScoreOf(prompt)));
    }

    [Fact]
    public void TryRead_OfAPromptWithoutTheCallersScore_GuessesIt()
    {
        var json = Encoding.UTF8.GetBytes("""{"type":"request","time":"2026-05-01T00:00:12Z","account":"a","prompt":"Show your reasoning\nstep by step"}""");

        Assert.True(ObservationReader.TryRead(json, TestDoor.Context(), out var input, out _));
        Assert.Equal(0.7f, input.ReasoningElicitation);
    }
}
