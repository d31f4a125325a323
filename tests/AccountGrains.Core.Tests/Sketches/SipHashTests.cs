using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Sketches;

public sealed class SipHashTests
{
    // From the reference implementation: key 00..0f, messages 00, 00 01, and so on.
    [Theory]
    [InlineData(0, 0x726FDB47DD0E0E31UL)]
    [InlineData(1, 0x74F839C593DC67FDUL)]
    [InlineData(7, 0xAB0200F58B01D137UL)]
    [InlineData(8, 0x93F5F5799A932462UL)]
    [InlineData(15, 0xA129CA6149BE45E5UL)]
    public void Hash_OfThePublishedMessages_IsAsPublished(int length, ulong expected)
    {
        var message = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        Assert.Equal(expected, SipHash.Hash(new SipKey(0x0706050403020100, 0x0F0E0D0C0B0A0908), message));
    }

    [Fact]
    public void Hash_OfWords_DependsOnOrderNumberAndKey()
    {
        var key = new SipKey(1, 2);

        Assert.NotEqual(SipHash.Hash(key, [1UL, 2, 3]), SipHash.Hash(key, [3UL, 2, 1]));
        Assert.NotEqual(SipHash.Hash(key, [1UL, 0]), SipHash.Hash(key, [1UL]));
        Assert.NotEqual(SipHash.Hash(key, [1UL]), SipHash.Hash(new SipKey(1, 3), [1UL]));
        Assert.NotEqual(SipHash.Hash(key, [1UL]), SipHash.Hash(new SipKey(3, 2), [1UL]));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void HashLanes_OfRunsOfWords_IsTheHashOfEach(int width)
    {
        var key = new SipKey(1, 2);
        ulong[] words = [.. Enumerable.Range(0, SipHash.Lanes + width - 1).Select(i => 0x9E3779B97F4A7C15UL * (ulong)(i + 1))];
        var hashes = new ulong[SipHash.Lanes];

        SipHash.HashLanes(key, words, width, hashes);

        Assert.Equal(Enumerable.Range(0, SipHash.Lanes).Select(i => SipHash.Hash(key, words.AsSpan(i, width))), hashes);
    }
}
