namespace AccountGrains.Core.Tests;

public sealed class FingerprintTests
{
    [Fact]
    public void GrainKey_ReadBack_IsTheSameFingerprint()
    {
        var fingerprint = new Fingerprint(FingerprintKind.Payment, 3, UInt128.MaxValue - 7);

        var read = Fingerprint.TryParseGrainKey(fingerprint.GrainKey, out var back);

        Assert.True(read);
        Assert.Equal(fingerprint, back);
        Assert.Equal("payment-k3-fffffffffffffffffffffffffffffff8", fingerprint.GrainKey);
    }

    [Fact]
    public void ToUtf8Key_OfAnyKind_IsTheGrainKey()
    {
        foreach (var kind in Enum.GetValues<FingerprintKind>())
        {
            var fingerprint = new Fingerprint(kind, 255, (UInt128)(int)kind + 1);

            Assert.Equal(fingerprint.GrainKey, System.Text.Encoding.UTF8.GetString(fingerprint.ToUtf8Key()));
        }
    }

    [Theory]
    [InlineData("payment-k0-00000000000000000000000000000001")]
    [InlineData("nothing-k1-00000000000000000000000000000001")]
    [InlineData("payment-k1-0001")]
    [InlineData("")]
    public void TryParseGrainKey_OfSomethingElse_IsFalse(string key)
    {
        Assert.False(Fingerprint.TryParseGrainKey(key, out _));
    }
}
