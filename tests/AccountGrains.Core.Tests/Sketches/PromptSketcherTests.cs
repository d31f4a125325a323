using System.Text;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Sketches;

public sealed class PromptSketcherTests
{
    private const string Long = "You are an expert in the history of rivers. Explain to a student of twelve years, in three short paragraphs, why deltas grow.";

    private static readonly SipKey Key = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("?!... --- 😀")]
    [InlineData("\u0301\u200B''")]
    public void Sketch_WithoutAWord_IsEmpty(string prompt)
    {
        Assert.True(Sketch(prompt).IsEmpty);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("hello world")]
    [InlineData("hello wide world")]
    [InlineData("42")]
    [InlineData("你")]
    [InlineData("你好吗")]
    public void Sketch_OfASingleShingle_HasOneTokenOfEachClass(string prompt)
    {
        var sketch = Sketch(prompt);

        Assert.Equal([0, 2, 4], Enumerable.Range(0, TemplateSketch.Length).Where(i => sketch[i] != 0));
        Assert.Equal(3, new HashSet<ulong> { sketch[0], sketch[2], sketch[4] }.Count);
    }

    [Fact]
    public void Sketch_OfALongPrompt_HasNoTokenTwice()
    {
        var tokens = Tokens(Sketch(Long));

        Assert.InRange(tokens.Count, 6, 8);
        Assert.Equal(tokens.Count, Enumerable.Range(0, 8).Count(i => Sketch(Long)[i] != 0));
    }

    [Fact]
    public void Sketch_OfAFixedKey_IsTheGoldenOne()
    {
        // Front ends make sketches too: both ends must agree on every bit.
        Assert.Equal("ARcUb5CVPNX/0wgV8f2S/WLJHH7QJ1vgIdOSpobWLKYxYB9urFu4CdU0UuSGMAc1nfmLLEtvGIV43gVrRZKwfzA=", SketchCode.Encode(Sketch(Long)));
        Assert.Equal("Ad5i4WVF4HCRSBsYfeWiea9sBIAzLRcLK4ICfESOE3MvU3vuIC8Mx3y0163JCJpGEeTdir2OgrZ5ssgT8ovtFF8=", SketchCode.Encode(Sketch("请把下面的段落翻译成英文，并保持原文的语气和格式不变。谢谢你的帮助！")));
    }

    [Fact]
    public void Sketch_UnderEitherOtherHalfOfTheKey_SharesNothing()
    {
        var tokens = Tokens(Sketch(Long));

        Assert.Empty(tokens.Intersect(Tokens(PromptSketcher.Sketch(Long, Key with { First = 1 }))));
        Assert.Empty(tokens.Intersect(Tokens(PromptSketcher.Sketch(Long, Key with { Second = 1 }))));
    }

    [Theory]
    [InlineData("Explain the Rivers of Gaul to me", "explain THE rivers, of gaul -- to me!")]
    [InlineData("Take step 1 of 12 and wait 3.5 minutes", "Take step 7 of 3 and wait 1,000.25 minutes")]
    [InlineData("Summarise https://example.com/a?b=c in two lines", "Summarise http://other.example/x/y/z#q in two lines")]
    [InlineData("Visit www.example.com and tell me more", "Visit WWW.other.org/abc and tell me more")]
    [InlineData("don't stop at the old gate", "don’t stop at the old gate")]
    [InlineData("ＦＵＬＬ　ｗｉｄｔｈ　ｉｓ　ｎｏ　ｄｉｓｇｕｉｓｅ", "full width is no disguise")]
    [InlineData("𝐁𝐨𝐥𝐝 𝒂𝒏𝒅 𝖘𝖙𝖗𝖆𝖓𝖌𝖊 ⓛⓔⓣⓣⓔⓡⓢ 𝟙𝟚", "bold and strange letters 34")]
    [InlineData("the ﬁrst ﬂoor oﬃce door", "the first floor office door")]
    [InlineData("café crème brûlée à la carte", "cafe\u0301 cre\u0300me bru\u0302le\u0301e a\u0300 la carte")]
    [InlineData("hid\u200Bden zero\u00ADwidth char\u2060acters here", "hidden zerowidth characters here")]
    [InlineData("ＡＢＣ①② ² of the things", "abc3 4 of the things")]
    [InlineData("ｶﾀｶﾅﾉ ﾌﾞﾝｼﾖｳ", "カタカナノ ブンシヨウ")]
    [InlineData("ｶﾞｷﾞｸﾞｹﾞｺﾞ ﾊﾟﾋﾟﾌﾟ ｳﾞ", "ガギグゲゴ パピプ ヴ")]
    [InlineData("か\u3099き\u3099く\u3099 は\u309Aハ\u309A う\u3099ゝ\u3099", "がぎぐ ぱパ ゔゞ")]
    [InlineData("мои\u0306 краи\u0306 е\u0308лка", "мой край ёлка")]
    [InlineData("Tie\u0302\u0301ng Vie\u0323\u0302t ra\u0302\u0301t đe\u0323p", "Tiếng Việt rất đẹp")]
    [InlineData("\u1E9Bo \u1E00\u1E01 \u1EFE\u1EFF", "so\u0307 a\u0325A\u0325 \u1EFF\u1EFF")]
    [InlineData("α\u0313\u0301ρχη\u0301 Ω\u0345", "ἄρχή ῼ")]
    [InlineData("\u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165 가\u11A8", "한국어 각")]
    [InlineData("ﾡￂ ㄱㅏ", "가 가")]
    [InlineData("5 ㎏ of № ㌀ ﷺ", "5 kg of no アパート صلى الله عليه وسلم")]
    [InlineData("ǅungla ĳs ŉ", "DŽUNGLA IJS ʼn")]
    [InlineData("𝜶𝝱𝟘 𝕻𝖑𝖆𝖎𝖓", "αβ7 plain")]
    [InlineData("豈更車 丽", "豈更車 丽")]
    [InlineData("say ｢a｣ ＂b＂", "say 「a」 \"b\"")]
    public void Sketch_OfTwoFormsOfOneText_IsTheSame(string one, string other)
    {
        Assert.Equal(Sketch(one), Sketch(other));
    }

    [Theory]
    [InlineData("カキク", "ガギグ")]
    [InlineData("はた", "ばだ")]
    [InlineData("한국어", "하구어")]
    public void Sketch_OfOtherLetters_IsAnother(string one, string other)
    {
        Assert.NotEqual(Sketch(one), Sketch(other));
    }

    [Fact]
    public void Sketch_OfFormsFarLongerThanTheirText_TakesNoMoreRoomThanIsThere()
    {
        var prompt = new string('ﷺ', 20_000);
        var buffer = new char[PlainText.RoomFor(prompt.Length)];

        var length = PlainText.Write(prompt, buffer);

        Assert.InRange(length, prompt.Length, buffer.Length);
        Assert.StartsWith("صلى الله عليه وسلم", new string(buffer, 0, length), StringComparison.Ordinal);
        Assert.False(Sketch(prompt).IsEmpty);
    }

    [Fact]
    public void Sketch_WithALongQuotationOrCode_TakesItAsOneWord()
    {
        const string Template = "Rate the following essay on a scale from one to ten and name its three weakest points: \"{0}\" Answer in JSON with the fields mark and reasons, and nothing else at all.";
        var first = Template.Replace("{0}", string.Concat(Enumerable.Repeat("rivers run to the sea and never come back ", 20)), StringComparison.Ordinal);
        var second = Template.Replace("{0}", string.Concat(Enumerable.Repeat("a completely different text about bridges ", 90)), StringComparison.Ordinal);
        var fenced = Template.Replace("\"{0}\"", "```cs\nvar x = 1;\n```", StringComparison.Ordinal);

        Assert.Equal(Sketch(first), Sketch(second));
        Assert.Equal(Sketch(first), Sketch(fenced));
    }

    [Fact]
    public void Sketch_WithShortQuotations_ReadsThem()
    {
        Assert.NotEqual(Sketch("Translate the word \"river\" for me"), Sketch("Translate the word \"bridge\" for me"));
        Assert.Equal(Sketch("Translate the word \"river\" for me"), Sketch("Translate the word river for me"));
    }

    [Theory]
    [InlineData("\"{0}\"")]
    [InlineData("```\n{0}\n```")]
    [InlineData("“{0}” ok?")]
    [InlineData("a \"{0}")]
    [InlineData("```{0}")]
    public void Sketch_OfLittleButAQuotation_ReadsTheQuotation(string form)
    {
        var quoted = Tokens(Sketch(form.Replace("{0}", Long, StringComparison.Ordinal)));

        Assert.InRange(quoted.Intersect(Tokens(Sketch(Long))).Count(), 4, 8);
    }

    [Fact]
    public void Sketch_OfUtf8_IsThatOfTheText()
    {
        const string Mixed = Long + " 翻译成英文 😀 ﬁn";

        Assert.Equal(Sketch(Mixed), PromptSketcher.Sketch(Encoding.UTF8.GetBytes(Mixed), Key));
        Assert.True(PromptSketcher.Sketch([0xFF, 0xC0, 0x80], Key).IsEmpty);
    }

    [Fact]
    public void Sketch_OfLongPrompts_AllocatesNothing()
    {
        var latin = Encoding.UTF8.GetBytes(Repeated("Rivers 12 run “to the sea” and https://x.example \"never come back\"; ", 60_000));
        var han = Encoding.UTF8.GetBytes(Repeated("请把下面的段落翻译成英文，Ｐ ①保持ﬁ语气。", 20_000));
        var allocated = Allocation.Of(() =>
        {
            PromptSketcher.Sketch(latin, Key);
            PromptSketcher.Sketch(han, Key);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Sketch_OfLoneSurrogates_TakesThemAsSeparators()
    {
        Assert.Equal(Sketch("one two three"), Sketch("one\ud800two\udc00three\ud83d"));
    }

    private static string Repeated(string text, int length) => string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length];

    private static TemplateSketch Sketch(string prompt) => PromptSketcher.Sketch(prompt, Key);

    private static HashSet<ulong> Tokens(TemplateSketch sketch) => [.. ((ReadOnlySpan<ulong>)sketch).ToArray().Where(token => token != 0)];
}
