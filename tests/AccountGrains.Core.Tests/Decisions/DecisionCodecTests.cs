using AccountGrains.Core.Decisions;

namespace AccountGrains.Core.Tests.Decisions;

public sealed class DecisionCodecTests
{
    private const string FirstRelease =
        "0101efcdab8967452301efcdab89674523010600616c6963652d0300000004030201000000000300000000000"
        + "0e83f0200633107000000" + "01000000"
        + "01010101" + "01000000000000000000000000000000" + "00004040" + "2a000000" + "0000003f";

    // A text behind each reason, none here.
    private const string Golden = "02" + "01efcdab8967452301efcdab89674523010600616c6963652d0300000004030201000000000300000000000"
        + "0e83f0200633107000000" + "01000000"
        + "01010101" + "01000000000000000000000000000000" + "00004040" + "2a000000" + "0000003f" + "ffff";

    private static readonly Decision Sample = new()
    {
        Account = new AccountId(1, new UInt128(0x0123456789abcdef, 0x0123456789abcdef)),
        Name = "alice-",
        Number = 3,
        Time = 0x01020304,
        Verdict = Verdict.Block,
        Score = 0.75,
        Campaign = "c1",
        PolicyVersion = 7,
        Reasons = [new Reason(ReasonCode.Shared, (EvidenceFamily)1, new Fingerprint((FingerprintKind)1, 1, UInt128.One), 3f, 42, 0.5f)],
    };

    [Fact]
    public void Read_OfAWrittenDecision_GivesTheSame()
    {
        var read = DecisionCodec.Read(DecisionCodec.Write(Sample));

        Assert.Equal(Sample.Reasons, read.Reasons);
        Assert.Equal(Sample with { Reasons = read.Reasons }, read);
    }

    [Fact]
    public void Read_OfTheFirstRelease_GivesTheSame()
    {
        var read = DecisionCodec.Read(Convert.FromHexString(FirstRelease));

        Assert.Equal(Sample.Reasons, read.Reasons);
        Assert.Equal(Sample with { Reasons = read.Reasons }, read);
    }

    [Fact]
    public void Write_OfADecision_KeepsItsBytes() =>
        Assert.Equal(Golden, Convert.ToHexStringLower(DecisionCodec.Write(Sample)));

    [Fact]
    public void Write_OfMoreReasonsThanFit_KeepsTheStrongest()
    {
        var reasons = Enumerable.Range(0, 40).Select(i => Sample.Reasons[0] with { Seen = i }).ToArray();

        var read = DecisionCodec.Read(DecisionCodec.Write(Sample with { Reasons = reasons }));

        Assert.Equal(reasons.Take(DecisionCodec.MaxReasons), read.Reasons);
    }

    [Fact]
    public void Read_OfEveryTruncation_Throws()
    {
        var stored = DecisionCodec.Write(Sample);

        for (var length = 0; length < stored.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => DecisionCodec.Read(stored.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public void Read_OfAnotherSchema_Throws(byte schema)
    {
        var stored = DecisionCodec.Write(Sample);
        stored[0] = schema;

        Assert.Throws<InvalidDataException>(() => DecisionCodec.Read(stored));
    }

    [Fact]
    public void Read_WithBytesLeftOver_Throws() =>
        Assert.Throws<InvalidDataException>(() => DecisionCodec.Read([.. DecisionCodec.Write(Sample), 0]));
}
