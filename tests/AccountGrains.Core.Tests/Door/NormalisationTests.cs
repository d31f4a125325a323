using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class NormalisationTests
{
    private readonly KeyRing _keys = TestDoor.Keys();

    [Theory]
    [InlineData(FingerprintKind.Ip, "203.0.113.7", "::ffff:203.0.113.7")]
    [InlineData(FingerprintKind.Ip, "2001:db8:1:2::1", "2001:DB8:1:2:ffff::")]
    [InlineData(FingerprintKind.Prefix, "203.0.113.7", "203.0.113.255")]
    [InlineData(FingerprintKind.Prefix, "203.0.113.7", "203.0.113.0/24")]
    [InlineData(FingerprintKind.Prefix, "2001:db8:1:2::1", "2001:db8:1::/48")]
    [InlineData(FingerprintKind.Email, "Example.COM", "example.com.")]
    [InlineData(FingerprintKind.Email, "BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData(FingerprintKind.Email, "someone@example.com", "example.com")]
    public void TryFingerprint_OfTwoFormsOfOneValue_IsTheSame(FingerprintKind kind, string one, string other)
    {
        Assert.True(_keys.TryFingerprint(kind, one, out var first));
        Assert.True(_keys.TryFingerprint(kind, other, out var second));

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(FingerprintKind.Ip, "203.0.113.7", "203.0.113.8")]
    [InlineData(FingerprintKind.Ip, "2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData(FingerprintKind.Prefix, "203.0.113.7", "203.0.114.7")]
    [InlineData(FingerprintKind.Prefix, "2001:db8:1::", "2001:db8:2::")]
    [InlineData(FingerprintKind.UserAgent, "curl/8", "Curl/8")]
    [InlineData(FingerprintKind.Payment, "pm_a", "pm_a ")]
    public void TryFingerprint_OfTwoValues_Differs(FingerprintKind kind, string one, string other)
    {
        Assert.True(_keys.TryFingerprint(kind, one, out var first));
        Assert.True(_keys.TryFingerprint(kind, other, out var second));

        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData(FingerprintKind.Ip, "")]
    [InlineData(FingerprintKind.Ip, "1")]
    [InlineData(FingerprintKind.Ip, "1.2.3")]
    [InlineData(FingerprintKind.Ip, "1.2.3.4.5")]
    [InlineData(FingerprintKind.Ip, "01.2.3.4")]
    [InlineData(FingerprintKind.Ip, "1.2.3.0x4")]
    [InlineData(FingerprintKind.Ip, "1.2.3.4:80")]
    [InlineData(FingerprintKind.Ip, "1.2.3.4 ")]
    [InlineData(FingerprintKind.Ip, "[::1]:80")]
    [InlineData(FingerprintKind.Ip, "fe80::1%eth0")]
    [InlineData(FingerprintKind.Ip, ":::1")]
    [InlineData(FingerprintKind.Prefix, "203.0.113.0/25")]
    [InlineData(FingerprintKind.Prefix, "203.0.113.0/48")]
    [InlineData(FingerprintKind.Asn, "0")]
    [InlineData(FingerprintKind.Asn, "AS1")]
    [InlineData(FingerprintKind.Asn, "4294967296")]
    [InlineData(FingerprintKind.Ja4, "")]
    [InlineData(FingerprintKind.Email, "gmail.com")]
    [InlineData(FingerprintKind.Email, "QQ.com")]
    [InlineData(FingerprintKind.Email, "someone@proton.me")]
    [InlineData(FingerprintKind.Email, "\t Hotmail.co.uk. ")]
    [InlineData(FingerprintKind.Email, " . ")]
    [InlineData(FingerprintKind.Email, "")]
    [InlineData(FingerprintKind.Template, "a")]
    [InlineData(FingerprintKind.Timing, "a")]
    [InlineData(FingerprintKind.None, "a")]
    public void TryFingerprint_OfNoValueOfItsKind_IsFalse(FingerprintKind kind, string raw)
    {
        Assert.False(_keys.TryFingerprint(kind, raw, out _));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2026-05-01T00:00:12.345Z", TestDoor.Now)]
    [InlineData("2026-05-01t00:00:12.345678912z", TestDoor.Now)]
    [InlineData("2026-05-01T00:00:12.3+00:00", TestDoor.Now - 45)]
    [InlineData("2024-02-29T23:59:59-00:00", 1_709_251_199_000)]
    public void TryRead_OfATime_IsItsMilliseconds(string text, long expected)
    {
        Assert.True(Rfc3339.TryRead(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Equal(expected, time);
    }

    [Theory]
    [InlineData("2026-05-01")]
    [InlineData("2026-05-01T00:00:12")]
    [InlineData("2026-05-01 00:00:12Z")]
    [InlineData("2026-05-01T00:00:12.Z")]
    [InlineData("2026-05-01T00:00:12.1234567890Z")]
    [InlineData("2026-05-01T00:00:12.345")]
    [InlineData("2026-05-01T24:00:00Z")]
    [InlineData("2026-05-01T00:60:00Z")]
    [InlineData("2026-05-01T00:00:60Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("+026-01-01T00:00:00Z")]
    [InlineData("2026-05-01T00:00:12Z ")]
    [InlineData("2026-05-01T00:00:12+01:00")]
    public void TryRead_OfNoTime_IsFalse(string text)
    {
        Assert.False(Rfc3339.TryRead(Encoding.UTF8.GetBytes(text), out _));
    }

    [Theory]
    [InlineData("acct_1", true)]
    [InlineData("a b", true)]
    [InlineData("账户", true)]
    [InlineData("", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\u00ADb", false)]
    [InlineData("😀", false)]
    public void TryRead_OfAnAccount_KnowsWhatANameIs(string name, bool expected)
    {
        var isRead = ObservationReader.TryRead(Encoding.UTF8.GetBytes(TestDoor.With("account", $"\"{name}\"").Replace("\t", "\\t", StringComparison.Ordinal)), TestDoor.Context(), out _, out _);

        Assert.Equal(expected, isRead);
    }
}
