using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class ObservationReaderJsonTests
{
    private const string Json = "must be one JSON object, nested at most 64 levels";

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nonsense")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\"")]
    [InlineData("{\"type\":\"request\",\"account\":\"a")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\\u00")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\"}}")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\"} {}")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\"}x")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\"}\0")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\0\"}")]
    [InlineData("\uFEFF{\"type\":\"request\",\"account\":\"a\"}")]
    [InlineData("{\"type\":\"request\",}")]
    [InlineData("{\"type\":\"request\"/**/}")]
    [InlineData("{\"x\":NaN}")]
    public void TryRead_OfBrokenJson_NamesTheWhole(string json)
    {
        Assert.Equal(new ObservationError("$", Json), TestDoor.Refusal(json));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("1")]
    public void TryRead_OfAnotherValue_AsksForAnObject(string json)
    {
        Assert.Equal(new ObservationError("$", "must be a JSON object"), TestDoor.Refusal(json));
    }

    [Fact]
    public void TryRead_OfEveryBeginning_IsRefused()
    {
        var good = Encoding.UTF8.GetBytes(TestDoor.Good);

        for (var length = 0; length < good.Length; length++) TestDoor.Refusal(good[..length]);
    }

    [Fact]
    public void TryRead_Of70Kilobytes_IsRefused()
    {
        var error = TestDoor.Refusal(TestDoor.With("prompt", $"\"{new string('a', 70 * 1_024)}\""));

        Assert.Equal(new ObservationError("$", "must have at most 65536 bytes"), error);
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC0)]
    [InlineData(0xED)]
    public void TryRead_OfBadUtf8_IsRefused(byte bad)
    {
        var json = Encoding.UTF8.GetBytes(TestDoor.With("unknown", "\"?\""));
        json[Array.IndexOf(json, (byte)'?')] = bad;

        Assert.Equal(new ObservationError("$", "must be valid UTF-8"), TestDoor.Refusal(json));
    }

    [Fact]
    public void TryRead_Of5000Levels_IsRefused()
    {
        var deep = new string('[', 5_000) + new string(']', 5_000);

        Assert.Equal(new ObservationError("$", Json), TestDoor.Refusal(TestDoor.With("unknown", deep)));
        Assert.Equal(new ObservationError("$", Json), TestDoor.Refusal(string.Concat(Enumerable.Repeat("{\"a\":", 5_000))));
    }

    [Fact]
    public void TryRead_Of10000Fields_IsRefused()
    {
        var fields = string.Join(',', Enumerable.Range(0, 10_000).Select(i => "\"\":0"));

        Assert.Equal(new ObservationError("$", "must have at most 1000 fields"), TestDoor.Refusal($"{{{fields}}}"));
    }
}
