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
    public void GrainKey_OfAnyKind_ReadBackIsTheSameFingerprint()
    {
        foreach (var kind in Enum.GetValues<FingerprintKind>().Where(k => k != FingerprintKind.None))
        {
            var fingerprint = new Fingerprint(kind, 255, (UInt128)(int)kind << 90);

            Assert.True(Fingerprint.TryParseGrainKey(fingerprint.GrainKey, out var back));
            Assert.Equal(fingerprint, back);
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
