using System.Text;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Sketches;

public sealed class SketchCodeTests
{
    [Fact]
    public void TryDecode_OfWhatEncodeWrote_IsTheSketch()
    {
        var sketch = PromptSketcher.Sketch("one two three four five six seven", new SipKey(1, 2));

        Assert.True(SketchCode.TryDecode(Encoding.UTF8.GetBytes(SketchCode.Encode(sketch)), out var back));

        Assert.Equal(sketch, back);
    }

    [Fact]
    public void TryDecode_OfAnythingElse_IsFalse()
    {
        var good = SketchCode.Encode(default);
        var otherVersion = Convert.ToBase64String([2, .. new byte[64]]);

        string[] bad = ["", "A", good[..84], good + "AAAA", otherVersion, good.Replace('A', '!'), " " + good[1..], Convert.ToBase64String([1, .. new byte[63]])];
        Assert.All(bad, text => Assert.False(SketchCode.TryDecode(Encoding.UTF8.GetBytes(text), out _)));
    }

    [Fact]
    public void Encode_OfAFixedSketch_IsTheGoldenOne()
    {
        var sketch = default(TemplateSketch);
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = (ulong)i + 1;

        Assert.Equal("AQEAAAAAAAAAAgAAAAAAAAADAAAAAAAAAAQAAAAAAAAABQAAAAAAAAAGAAAAAAAAAAcAAAAAAAAACAAAAAAAAAA=", SketchCode.Encode(sketch));
    }
}
