using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Sketches;

/// <summary>Which tokens survive what operators of templates do, over generated prompts with fixed seeds.</summary>
public sealed class PromptSketcherRobustnessTests(ITestOutputHelper output)
{
    private const int Pairs = 1_000;

    private static readonly SipKey Key = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);

    public enum Script
    {
        Latin,
        Han,
        Thai,
    }

    [Theory]
    [InlineData(Script.Latin)]
    [InlineData(Script.Han)]
    [InlineData(Script.Thai)]
    public void Sketch_WithASlotInTheMiddle_KeepsHeadAndTail(Script script)
    {
        var random = new Random(1);
        for (var i = 0; i < Pairs; i++)
        {
            var head = Words(random, script, 30);
            var tail = Words(random, script, 30);

            var one = Sketch(script, [.. head, .. Words(random, script, random.Next(5, 300)), .. tail]);
            var other = Sketch(script, [.. head, .. Words(random, script, random.Next(5, 300)), .. tail]);

            Assert.Equal((one[0], one[1], one[2], one[3]), (other[0], other[1], other[2], other[3]));
        }
    }

    [Theory]
    [InlineData(Script.Latin)]
    [InlineData(Script.Han)]
    [InlineData(Script.Thai)]
    public void Sketch_WithAPayloadFarLonger_KeepsHeadOrTail(Script script)
    {
        var random = new Random(2);
        var instruction = Words(random, script, 30);

        var one = Sketch(script, [.. instruction, .. Words(random, script, 5_000)]);
        var other = Sketch(script, [.. instruction, .. Words(random, script, 5_000)]);
        var last = Sketch(script, [.. Words(random, script, 5_000), .. instruction]);
        var alsoLast = Sketch(script, [.. Words(random, script, 5_000), .. instruction]);

        Assert.Equal((one[0], one[1]), (other[0], other[1]));
        Assert.Equal((last[2], last[3]), (alsoLast[2], alsoLast[3]));
        Assert.NotEqual(one[0], last[2]);
    }

    // Two instances differ in 10 % of their words.
    [Theory]
    [InlineData(Script.Latin, 0.98)]
    [InlineData(Script.Han, 0.98)]
    [InlineData(Script.Thai, 0.98)]
    public void Sketch_WithATenthOfTheWordsChanged_SharesTwoTokens(Script script, double atLeast)
    {
        var rate = RateOfSharingTwo(script, (random, words) => Change(random, script, words, 0.1), (_, words) => words);

        Assert.InRange(rate, atLeast, 1);
    }

    // Each instance changes 10 % of the words of a template that neither of them is.
    [Theory]
    [InlineData(Script.Latin, 0.87)]
    [InlineData(Script.Han, 0.87)]
    [InlineData(Script.Thai, 0.92)]
    public void Sketch_WithATenthChangedInBothInstances_SharesTwoTokens(Script script, double atLeast)
    {
        var rate = RateOfSharingTwo(script, (random, words) => Change(random, script, words, 0.1), (random, words) => Change(random, script, words, 0.1));

        Assert.InRange(rate, atLeast, 1);
    }

    [Theory]
    [InlineData(Script.Latin)]
    [InlineData(Script.Han)]
    [InlineData(Script.Thai)]
    public void Sketch_OfUnrelatedPrompts_SharesNextToNothing(Script script)
    {
        var random = new Random(4);
        var tokens = new HashSet<ulong>();
        var shared = 0;
        for (var i = 0; i < Pairs; i++)
        {
            var sketch = Sketch(script, Words(random, script, 80));
            shared += ((ReadOnlySpan<ulong>)sketch).ToArray().Count(token => token != 0 && !tokens.Add(token));
        }

        // The generated Thai has so few letters that 5 of them may well meet again.
        Assert.InRange(shared, 0, 2);
    }

    [Fact]
    public void Sketch_OfOnePhraseAtTheHeadAndInTheBody_Differs()
    {
        var random = new Random(5);
        var phrase = Words(random, Script.Latin, 12);

        var head = Sketch(Script.Latin, [.. phrase, .. Words(random, Script.Latin, 40)]);
        var body = Sketch(Script.Latin, [.. Words(random, Script.Latin, 20), .. phrase, .. Words(random, Script.Latin, 20)]);

        Assert.DoesNotContain(head[0], ((ReadOnlySpan<ulong>)body).ToArray());
        Assert.DoesNotContain(head[1], ((ReadOnlySpan<ulong>)body).ToArray());
    }

    private double RateOfSharingTwo(Script script, Func<Random, string[], string[]> one, Func<Random, string[], string[]> other)
    {
        var random = new Random(3);
        var sharing = 0;
        for (var i = 0; i < Pairs; i++)
        {
            var words = Words(random, script, random.Next(40, 200));
            var first = Sketch(script, one(random, words));
            var second = Sketch(script, other(random, words));
            var shared = ((ReadOnlySpan<ulong>)first).ToArray().Intersect(((ReadOnlySpan<ulong>)second).ToArray()).Count(token => token != 0);
            if (shared >= 2) sharing++;
        }

        output.WriteLine($"{script}: {sharing} of {Pairs} pairs share at least two tokens");
        return sharing / (double)Pairs;
    }

    private static string[] Change(Random random, Script script, string[] words, double share) =>
        [.. words.Select(word => random.NextDouble() < share ? Word(random, script) : word)];

    private static TemplateSketch Sketch(Script script, string[] words) => PromptSketcher.Sketch(string.Join(script == Script.Latin ? " " : "", words), Key);

    private static string[] Words(Random random, Script script, int count) => [.. Enumerable.Range(0, count).Select(_ => Word(random, script))];

    private static string Word(Random random, Script script) => script switch
    {
        Script.Latin => string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => $"{"bdfgklmnprst"[random.Next(12)]}{"aeiou"[random.Next(5)]}")),
        // Words of one to three letters, as those languages have them: a changed word is all of its letters.
        Script.Han => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => (char)random.Next(0x4E00, 0x5200))),
        _ => string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"{(char)random.Next(0x0E01, 0x0E2F)}{(random.Next(3) == 0 ? "\u0E31" : "")}")),
    };
}
