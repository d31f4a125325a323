using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class KeyRingTests
{
    [Fact]
    public void Ids_OfAFixedKey_AreTheGoldenOnes()
    {
        var keys = TestDoor.Keys();

        // Stored everywhere: a change here orphans every record that exists.
        Assert.Equal("k1-9fb148f6b72f32997e74ee9f6d79589d", keys.Account("acct_8ad182ca7c").ToString());
        Assert.Equal("payment:9aaee06a4f48ad7914092e40bb34dfcb", keys.Fingerprint(FingerprintKind.Payment, "pm_b0f7a55cdf02"u8).ToString());
        Assert.Equal("ip:203af3aa99ccb49d04f40b21b1276ea9", Golden(keys, FingerprintKind.Ip, "2001:db8:1:2::1"));
        Assert.Equal("prefix:7ae9bf69c27af9a875a152e4d5ca62b0", Golden(keys, FingerprintKind.Prefix, "203.0.113.0/24"));
        Assert.Equal("asn:c8cca99a24d0f7be8e19becb0c324128", Golden(keys, FingerprintKind.Asn, "63949"));
        Assert.Equal("email:049f6acddefee99567967d5ada4395b6", Golden(keys, FingerprintKind.Email, "example.com"));
        Assert.Equal("abcea0247994201d", keys.Request("r00000000"u8).ToString("x16", CultureInfo.InvariantCulture));
        Assert.Equal("385d98dbdba924cf", keys.Organization("org_7"u8).ToString("x16", CultureInfo.InvariantCulture));
        Assert.Equal("cd29f55eff369921", keys.SketchKey.First.ToString("x16", CultureInfo.InvariantCulture));
        Assert.Equal("k1:dba64e0cd83b8caa", keys.CheckValue);
    }

    [Fact]
    public void Fingerprint_IsTheHmacOfKindAndValue()
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, TestDoor.Secret, 32, null, "accountgrains/fingerprints/v1"u8.ToArray());
        var hash = HMACSHA256.HashData(key, (byte[])[(byte)FingerprintKind.Device, .. "dev_1"u8]);

        var fingerprint = TestDoor.Keys().Fingerprint(FingerprintKind.Device, "dev_1"u8);

        Assert.Equal($"device:{Convert.ToHexStringLower(hash.AsSpan(0, 16))}", fingerprint.ToString());
    }

    [Fact]
    public void Ids_OfOneValueInAllKinds_Differ()
    {
        var keys = TestDoor.Keys();
        var value = "13.90.0.152"u8;

        var ids = new HashSet<UInt128> { keys.Account("13.90.0.152").Value };
        for (var kind = FingerprintKind.Ip; kind <= FingerprintKind.Timing; kind++) ids.Add(keys.Fingerprint(kind, value).Value);

        Assert.Equal(FingerprintKinds.Count, ids.Count);
        Assert.NotEqual(keys.Request(value), keys.Organization(value));
    }

    [Fact]
    public void Ids_UnderAnotherSecret_Differ()
    {
        var keys = TestDoor.Keys();
        var others = new KeyRing(new byte[16]);

        Assert.NotEqual(keys.Account("a").Value, others.Account("a").Value);
        Assert.NotEqual(keys.Fingerprint(FingerprintKind.Ja4, "a"u8).Value, others.Fingerprint(FingerprintKind.Ja4, "a"u8).Value);
        Assert.NotEqual(keys.Request("a"u8), others.Request("a"u8));
        Assert.NotEqual(keys.SketchKey, others.SketchKey);
        Assert.NotEqual(keys.CheckValue, others.CheckValue);
    }

    [Fact]
    public void Rotate_ToAnotherSecret_KeepsTheAccountsAlone()
    {
        var keys = TestDoor.Keys();

        var rotated = keys.Rotate(new byte[16], 2);

        Assert.Equal(keys.Account("a"), rotated.Account("a"));
        Assert.Equal(2, rotated.Fingerprint(FingerprintKind.Ja4, "a"u8).KeyId);
        Assert.Equal(new KeyRing(new byte[16], 2).Fingerprint(FingerprintKind.Ja4, "a"u8), rotated.Fingerprint(FingerprintKind.Ja4, "a"u8));
        Assert.NotEqual(keys.CheckValue, rotated.CheckValue);
    }

    [Fact]
    public void Construction_WithAShortSecretOrNoKeyId_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyRing(new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyRing(new byte[16], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestDoor.Keys().Rotate(new byte[16], 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    public async Task TryValue_UnderLoadWithATinyCache_IsNeverAnothersId(int cachedValues)
    {
        var keys = TestDoor.Keys(cachedValues);
        var uncached = TestDoor.Keys();

        async Task<int> WrongOnes(int seed)
        {
            await Task.Yield();
            var random = new Random(seed);
            var wrong = 0;
            for (var i = 0; i < 5_000; i++)
            {
                var raw = Encoding.UTF8.GetBytes($"v{random.Next(100)}");
                var kind = random.Next(2) == 0 ? FingerprintKind.Device : FingerprintKind.Payment;
                keys.TryValue(kind, raw, out var id, out _);
                if (id != uncached.Fingerprint(kind, raw).Value) wrong++;
                if (keys.Account(raw, out var name).Value == id || name != Encoding.UTF8.GetString(raw)) wrong++;
            }

            return wrong;
        }

        var wrong = await Task.WhenAll(WrongOnes(1), WrongOnes(2), WrongOnes(3), WrongOnes(4));

        Assert.All(wrong, count => Assert.Equal(0, count));
    }

    private static string Golden(KeyRing keys, FingerprintKind kind, string raw)
    {
        Assert.True(keys.TryFingerprint(kind, raw, out var fingerprint));
        return fingerprint.ToString();
    }
}
