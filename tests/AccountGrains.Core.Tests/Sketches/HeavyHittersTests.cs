using AccountGrains.Core.Sketches;
using CsCheck;

namespace AccountGrains.Core.Tests.Sketches;

public sealed class HeavyHittersTests
{
    // Squaring makes small keys frequent.
    private static readonly Gen<uint[]> Stream = Gen.UInt[0, 30].Select(key => (key * key / 30) + 1).Array[0, 300];

    [Fact]
    public void Add_InAnyOrder_KeepsTheBound() => Stream.Sample(stream =>
    {
        var hitters = Of(stream);

        Assert.Equal(stream.Length, hitters.Total);
        AssertBound(stream, hitters, slack: 0);
    });

    [Fact]
    public void Merge_OfTwoStreams_KeepsTheBoundForBoth() => Gen.Select(Stream, Stream, Stream).Sample((left, right, after) =>
    {
        var hitters = Of(left);

        hitters.Merge(Of(right));

        AssertBound([.. left, .. right], hitters, slack: 1);
        foreach (var key in after) hitters.Add(new TemplateKey(key));
        AssertBound([.. left, .. right, .. after], hitters, slack: 2);
    });

    [Fact]
    public void Merge_OfSixKeysAtMost_IsExact()
    {
        var left = Of([1, 1, 2, 3, 3]);

        left.Merge(Of([3, 4, 5, 6]));

        Assert.Equal([("00000003", 3), ("00000001", 2), ("00000002", 1), ("00000004", 1), ("00000005", 1), ("00000006", 1)],
            left.ToArray().Select(one => (one.Key.ToString(), (int)one.Count)));
    }

    [Fact]
    public void Add_BeyondSixteenBits_HalvesAllCounts()
    {
        var hitters = default(HeavyHitters<TemplateKey>);
        for (var i = 0; i < 1_000; i++) hitters.Add(new TemplateKey(2));

        for (var i = 0; i < 65_536; i++) hitters.Add(new TemplateKey(1));

        Assert.Equal([("00000001", 32_768), ("00000002", 500)], hitters.ToArray().Select(one => (one.Key.ToString(), (int)one.Count)));
    }

    [Theory]
    [InlineData("coding", "coding")]
    [InlineData("reasoning-elicitation", "reasoning-elic")]
    [InlineData("äääääääää", "äääääää")]
    [InlineData("abcdefghijklmä", "abcdefghijklm")]
    [InlineData("abcdefghijk😀", "abcdefghijk")]
    [InlineData("", "")]
    public void Label_OfAnyLength_IsCutBetweenCharacters(string label, string expected)
    {
        Assert.Equal(expected, new ShortLabel(label).ToString());
    }

    private static HeavyHitters<TemplateKey> Of(uint[] stream)
    {
        var hitters = default(HeavyHitters<TemplateKey>);
        foreach (var key in stream) hitters.Add(new TemplateKey(key));
        return hitters;
    }

    private static void AssertBound(uint[] stream, HeavyHitters<TemplateKey> hitters, int slack)
    {
        var counts = stream.CountBy(key => key).ToDictionary();
        var limit = stream.Length / (double)HeavyHitters<TemplateKey>.Capacity;
        var entries = hitters.ToArray();
        foreach (var entry in entries)
        {
            var actual = counts.GetValueOrDefault(entry.Key.Token);
            Assert.InRange(entry.Count, actual, actual + limit + slack);
        }

        foreach (var (key, count) in counts)
        {
            if (count > limit + slack) Assert.Contains(entries, entry => entry.Key.Token == key);
        }
    }
}
