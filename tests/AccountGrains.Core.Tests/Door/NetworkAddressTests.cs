using System.Net;
using System.Net.Sockets;
using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class NetworkAddressTests
{
    private static readonly string[] Pieces = [":", "::", ".", "0", "1", "255", "256", "00", "ab", "FFFF", "12345", "192.0.2.1", "1.2.3", "g", "ffff:", "2001:db8:"];

    [Theory]
    [InlineData("::", "0000000000000000")]
    [InlineData("2001:db8:1:2::1", "20010db800010002")]
    [InlineData("1::8", "0001000000000000")]
    [InlineData("1:2:3:4:5:6:7::", "0001000200030004")]
    [InlineData("::2:3:4:5:6:7:8", "0000000200030004")]
    [InlineData("64:ff9b::192.0.2.33", "0064ff9b00000000")]
    [InlineData("::ffff:192.0.2.33", "c0000221")]
    [InlineData("::FFFF:c000:221", "c0000221")]
    public void TryRead_OfIPv6_GivesItsFirstHalf_OrTheIPv4AddressInIt(string text, string expected)
    {
        Assert.Equal(expected, Read(text));
    }

    [Fact]
    public void TryRead_OfGeneratedTexts_ReadsWhatTheLibraryReads()
    {
        var random = new Random(7);
        var read = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = i % 2 == 0 ? Address(random) : string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (!text.Contains(':', StringComparison.Ordinal) || text.Length > 45) continue;
            var expected = IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? Convert.ToHexStringLower(address.IsIPv4MappedToIPv6 ? address.GetAddressBytes()[12..] : address.GetAddressBytes()[..8])
                : null;

            Assert.True(expected == Read(text), $"{text}: {expected} {Read(text)}");
            read += expected is null ? 0 : 1;
        }

        Assert.InRange(read, 50_000, 200_000);
    }

    private static string? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[NetworkAddress.MaxBytes];
        return NetworkAddress.TryRead(Encoding.UTF8.GetBytes(text), bytes, out var written) ? Convert.ToHexStringLower(bytes[..written]) : null;
    }

    /// <summary>An address in one of its forms, often with zeros.</summary>
    private static string Address(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        for (var i = 0; i < 8; i++)
        {
            if (random.Next(2) == 0) bytes[2 * i] = bytes[(2 * i) + 1] = 0;
        }

        if (random.Next(8) == 0) bytes.AsSpan(0, 12).Clear();
        if (random.Next(4) == 0) bytes[10] = bytes[11] = 255;
        var address = new IPAddress(bytes);
        return random.Next(3) switch
        {
            0 => address.ToString(),
            1 => address.ToString().ToUpperInvariant(),
            _ => string.Join(':', Enumerable.Range(0, 8).Select(i => $"{(bytes[2 * i] << 8) | bytes[(2 * i) + 1]:x}")),
        };
    }
}
