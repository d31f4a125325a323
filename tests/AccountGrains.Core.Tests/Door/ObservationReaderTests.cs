using System.Text;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Door;

public sealed class ObservationReaderTests
{
    [Fact]
    public void TryRead_OfAGoodObservation_HasEveryField()
    {
        var keys = TestDoor.Keys();

        var input = TestDoor.Read(TestDoor.Good);

        Assert.Equal(ObservationType.Request, input.Type);
        Assert.Equal(TestDoor.Now, input.Time);
        Assert.Equal("acct_8ad182ca7c", input.Name.ToString());
        Assert.Equal(keys.Account("acct_8ad182ca7c"), input.Account);
        Assert.Equal(keys.Request("r00000000"u8), input.Request);
        Assert.Equal(keys.Organization("org_7"u8), input.Organization);
        Assert.Equal(("pro", "atlas-large-3", "coding"), (input.Plan, input.Model, input.Capability));
        Assert.Equal((512, 900, 200), (input.InputTokens, input.OutputTokens, input.Status));
        Assert.Equal(0.92f, input.ReasoningElicitation);
        Assert.Equal(PromptSketcher.Sketch("You are a careful grader. Read the answer below and give it a mark.", keys.SketchKey), input.Sketch);
        Assert.Equal((2, 1), (input.Presented!.Length, input.Issued!.Length));
        Assert.Equal(keys.Fingerprint(FingerprintKind.Artefact, "turn_2"u8).Value, input.Presented[1]);
        Assert.Null(input.Reason);
    }

    [Theory]
    [InlineData(FingerprintKind.Ip, "13.90.0.152")]
    [InlineData(FingerprintKind.Prefix, "13.90.0.0/24")]
    [InlineData(FingerprintKind.Asn, "63949")]
    [InlineData(FingerprintKind.Ja4, "t13d1516h2_7928af65b9a4_13e2e69d2f3b")]
    [InlineData(FingerprintKind.UserAgent, "python-sdk/1.10")]
    [InlineData(FingerprintKind.Payment, "pm_b0f7a55cdf02")]
    [InlineData(FingerprintKind.Device, "dev_1")]
    [InlineData(FingerprintKind.Email, "EXAMPLE.com.")]
    public void TryRead_OfAGoodObservation_HasTheFingerprintThatTheRawValueGives(FingerprintKind kind, string raw)
    {
        var isFingerprint = TestDoor.Keys().TryFingerprint(kind, raw, out var fingerprint);

        var input = TestDoor.Read(TestDoor.Good);

        Assert.True(isFingerprint);
        Assert.Equal(fingerprint.Value, kind switch
        {
            FingerprintKind.Ip => input.Ip,
            FingerprintKind.Prefix => input.Prefix,
            FingerprintKind.Asn => input.Asn,
            FingerprintKind.Ja4 => input.Ja4,
            FingerprintKind.UserAgent => input.UserAgent,
            FingerprintKind.Payment => input.Payment,
            FingerprintKind.Device => input.Device,
            _ => input.Email,
        });
    }

    [Fact]
    public void TryRead_OfTheLeast_TakesTheClock()
    {
        var input = TestDoor.Read("""{"type":"signup","account":"ä"}""");

        Assert.Equal((ObservationType.Signup, TestDoor.Now, "ä"), (input.Type, input.Time, input.Name.ToString()));
        Assert.Equal(-1, input.ReasoningElicitation);
        Assert.True(input.Sketch.IsEmpty);
        Assert.Equal((UInt128.Zero, UInt128.Zero, 0UL), (input.Ip, input.Email, input.Request));
        Assert.Null(input.Presented);
    }

    [Fact]
    public void TryRead_OfABan_HasItsReason()
    {
        var input = TestDoor.Read("""{"type":"ban","account":"a","reason":"chargeback"}""");

        Assert.Equal((ObservationType.Ban, "chargeback"), (input.Type, input.Reason));
    }

    [Fact]
    public void TryRead_WithEscapes_IsTheSameAsWithout()
    {
        var plain = TestDoor.Read("""{"type":"request","account":"grün","ja4":"a/b","prompt":"eins zwei\ndrei 😀 vier"}""");
        var escaped = TestDoor.Read("""{"\u0074ype":"re\u0071uest","account":"gr\u00fcn","j\u00614":"a\/b","prompt":"eins\u0020zwei\n\u0064rei \ud83d\ude00 vier"}""");

        Assert.Equal(plain.Account, escaped.Account);
        Assert.Equal(plain.Ja4, escaped.Ja4);
        Assert.Equal(plain.Sketch, escaped.Sketch);
        Assert.False(plain.Sketch.IsEmpty);
    }

    [Fact]
    public void TryRead_WithUnknownFieldsAndNulls_LeavesThemOut()
    {
        var input = TestDoor.Read("""{"x":{"account":[1,{"a":"\ud800"}]},"type":"request","\ud800":1,"ip":null,"account":"a","ja4":"","extra":[[[]]]}""");

        Assert.Equal("a", input.Name.ToString());
        Assert.Equal(UInt128.Zero, input.Ja4);
    }

    [Fact]
    public void TryRead_WithPromptAndSketch_TakesTheSketch()
    {
        var sketch = PromptSketcher.Sketch("another prompt, made into a sketch elsewhere", TestDoor.Keys().SketchKey);

        var input = TestDoor.Read($$"""{"type":"request","account":"a","sketch":"{{SketchCode.Encode(sketch)}}","prompt":"one two three"}""");

        Assert.Equal(sketch, input.Sketch);
    }

    [Fact]
    public void TryRead_OfAFreeMailDomain_KeepsNothing()
    {
        var context = TestDoor.Context();
        var json = Encoding.UTF8.GetBytes("""{"type":"request","account":"a","emailDomain":"GMail.com"}""");

        ObservationReader.TryRead(json, context, out var cold, out _);
        ObservationReader.TryRead(json, context, out var warm, out _);

        Assert.Equal(UInt128.Zero, cold.Email);
        Assert.Equal(UInt128.Zero, warm.Email);
    }

    [Fact]
    public void TryRead_InAReplay_TakesTimesUpTo2100()
    {
        Assert.Equal(4_102_444_799_999, TestDoor.Read(TestDoor.With("time", "\"2099-12-31T23:59:59.999Z\""), isReplay: true).Time);
        Assert.Equal(946_684_800_000, TestDoor.Read(TestDoor.With("time", "\"2000-01-01T00:00:00Z\"")).Time);
    }

    [Fact]
    public void TryRead_OfALiveTime_MayBeFiveMinutesAhead()
    {
        Assert.Equal(TestDoor.Now + 300_000, TestDoor.Read(TestDoor.With("time", "\"2026-05-01T00:05:12.345Z\"")).Time);
    }

    [Fact]
    public void TryRead_OfTheSameAgain_GivesTheSameStrings()
    {
        var context = TestDoor.Context();
        var json = Encoding.UTF8.GetBytes(TestDoor.Good);
        ObservationReader.TryRead(json, context, out _, out _);

        ObservationReader.TryRead(json, context, out var first, out _);
        ObservationReader.TryRead(json, context, out var second, out _);

        Assert.Same(first.Model, second.Model);
        Assert.Same(first.Name.ToString(), second.Name.ToString());
    }

    [Fact]
    public void TryRead_OfTheLongestOfEverything_IsAccepted()
    {
        var name = new string('€', 256);
        var label = string.Concat(Enumerable.Repeat("\\u20ac", 256));

        var input = TestDoor.Read($$"""{"type":"request","account":"{{name}}","model":"{{label}}","userAgent":"{{name}}","requestId":"{{name[..128]}}","inputTokens":1000000000000}""");

        Assert.Equal(name, input.Name.ToString());
        Assert.StartsWith(name[..18] + "~", input.Model, StringComparison.Ordinal);
        Assert.Equal(1_000_000_000_000, input.InputTokens);
    }
}
