using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class ObservationReaderRulesTests
{
    private const string Characters = "must have no control, format or surrogate characters";
    private const string Signals = "must be an object of at most 16 names with numbers from 0 to 1";
    private const string Artefacts = "must be an array of at most 16 strings of 1 to 256 characters";
    private const string Sketch = "must be base64 of the version 1 and eight tokens";
    private const string Tokens = "must be an integer of at least 0";
    private const string Status = "must be an integer from 100 to 599";
    private const string Asn = "must be an integer from 1 to 4294967295";
    private const string Time = "must be an RFC 3339 time in UTC";

    [Theory]
    [InlineData("v", "2", "must be 1")]
    [InlineData("v", "\"1\"", "must be 1")]
    [InlineData("type", "\"refund\"", "must be request, completion, signup, ban or restore")]
    [InlineData("type", "\"Request\"", "must be request, completion, signup, ban or restore")]
    [InlineData("type", "7", "must be a string")]
    [InlineData("type", "null", "is required")]
    [InlineData("time", "1777593612", "must be a string")]
    [InlineData("time", "\"yesterday\"", Time)]
    [InlineData("time", "\"2026-05-01T00:00:12.345+02:00\"", Time)]
    [InlineData("time", "\"1970-01-01T00:00:00Z\"", "must not be before 2000-01-01")]
    [InlineData("time", "\"2199-01-01T00:00:00Z\"", "must be at most five minutes ahead of the clock")]
    [InlineData("time", "\"2026-05-01T00:05:12.346Z\"", "must be at most five minutes ahead of the clock")]
    [InlineData("account", "\"\"", "must have at least one character")]
    [InlineData("account", "null", "is required")]
    [InlineData("account", "[\"a\"]", "must be a string")]
    [InlineData("account", "\"a\\u0000\"", Characters)]
    [InlineData("account", "\"a\\nb\"", Characters)]
    [InlineData("account", "\"a\u200Bb\"", Characters)]
    [InlineData("account", "\"a\\u202eb\"", Characters)]
    [InlineData("account", "\"\\ud800\"", Characters)]
    [InlineData("account", "\"\\udc00\\ud800\"", Characters)]
    [InlineData("account", "\"\\ud83d\\ude00\"", Characters)]
    [InlineData("account", "\"😀\"", Characters)]
    [InlineData("requestId", "12", "must be a string")]
    [InlineData("ip", "\"not an address\"", "must be an IP address")]
    [InlineData("ip", "\"10.0.0.256\"", "must be an IP address")]
    [InlineData("ip", "4", "must be a string")]
    [InlineData("asn", "0", Asn)]
    [InlineData("asn", "4294967296", Asn)]
    [InlineData("asn", "1.5", Asn)]
    [InlineData("asn", "\"63949\"", Asn)]
    [InlineData("country", "1", "must be a string")]
    [InlineData("ja4", "\"\\udfff\"", "must be valid Unicode")]
    [InlineData("userAgent", "true", "must be a string")]
    [InlineData("device", "{}", "must be a string")]
    [InlineData("payment", "\"a\\u0000\"", "must not contain U+0000")]
    [InlineData("organization", "[]", "must be a string")]
    [InlineData("plan", "1", "must be a string")]
    [InlineData("emailDomain", "1", "must be a string")]
    [InlineData("model", "1", "must be a string")]
    [InlineData("endpoint", "1", "must be a string")]
    [InlineData("capability", "1", "must be a string")]
    [InlineData("inputTokens", "-1", Tokens)]
    [InlineData("inputTokens", "1.5", Tokens)]
    [InlineData("inputTokens", "\"1\"", Tokens)]
    [InlineData("outputTokens", "-900", Tokens)]
    [InlineData("outputTokens", "1000000000001", "must be at most 1000000000000")]
    [InlineData("status", "99", Status)]
    [InlineData("status", "600", Status)]
    [InlineData("status", "\"200\"", Status)]
    [InlineData("prompt", "1", "must be a string")]
    [InlineData("prompt", "\"one two \\ud800 three\"", "must be valid Unicode")]
    [InlineData("sketch", "1", Sketch)]
    [InlineData("sketch", "\"AAAA\"", Sketch)]
    [InlineData("signals", "[]", Signals)]
    [InlineData("signals", "{\"x\":1.5}", Signals)]
    [InlineData("signals", "{\"x\":-0.1}", Signals)]
    [InlineData("signals", "{\"x\":\"0.5\"}", Signals)]
    [InlineData("signals", "{\"x\":{}}", Signals)]
    [InlineData("signals", "{\"x\":1e999}", Signals)]
    [InlineData("signals", "{\"reasoningElicitation\":0,\"reasoningElicitation\":1}", "must have each name once")]
    [InlineData("presented", "\"a\"", Artefacts)]
    [InlineData("presented", "[1]", Artefacts)]
    [InlineData("presented", "[\"\"]", Artefacts)]
    [InlineData("issued", "[[\"a\"]]", Artefacts)]
    [InlineData("reason", "1", "must be a string")]
    public void TryRead_OfABadValue_NamesFieldAndRule(string field, string value, string rule)
    {
        var error = TestDoor.Refusal(TestDoor.With(field, value));

        Assert.Equal(new ObservationError(field, rule), error);
    }

    [Theory]
    [InlineData("account", 256)]
    [InlineData("requestId", 128)]
    [InlineData("ip", 256)]
    [InlineData("ja4", 256)]
    [InlineData("userAgent", 256)]
    [InlineData("device", 256)]
    [InlineData("payment", 256)]
    [InlineData("organization", 256)]
    [InlineData("emailDomain", 256)]
    [InlineData("endpoint", 256)]
    [InlineData("reason", 256)]
    [InlineData("country", 256)]
    [InlineData("plan", 256)]
    [InlineData("model", 256)]
    [InlineData("capability", 256)]
    public void TryRead_OfATooLongText_NamesFieldAndRule(string field, int most)
    {
        var expected = new ObservationError(field, $"must have at most {most} characters");

        Assert.Equal(expected, TestDoor.Refusal(TestDoor.With(field, $"\"{new string('a', most + 1)}\"")));
        Assert.Equal(expected, TestDoor.Refusal(TestDoor.With(field, $"\"{new string('é', most + 1)}\"")));
        Assert.Equal(expected, TestDoor.Refusal(TestDoor.With(field, $"\"{string.Concat(Enumerable.Repeat("\\u0061", most + 1))}\"")));
        Assert.Equal(expected, TestDoor.Refusal(TestDoor.With(field, $"\"{new string('a', 60_000)}\"")));
    }

    [Theory]
    [InlineData("country")]
    [InlineData("endpoint")]
    [InlineData("plan")]
    [InlineData("model")]
    [InlineData("capability")]
    public void TryRead_OfALongLabel_IsTakenUpToItsLimit(string field)
    {
        Assert.Equal("a", TestDoor.Read(TestDoor.With(field, $"\"{new string('é', 256)}\"")).Name);
        Assert.Equal("a", TestDoor.Read(TestDoor.With(field, "\"USA\"")).Name);
    }

    [Theory]
    [InlineData("signals", Signals)]
    [InlineData("presented", Artefacts)]
    public void TryRead_OfSeventeen_NamesFieldAndRule(string field, string rule)
    {
        var items = string.Join(',', Enumerable.Range(0, 17).Select(i => field == "signals" ? $"\"s{i}\":0.5" : $"\"s{i}\""));
        var value = field == "signals" ? $"{{{items}}}" : $"[{items}]";

        Assert.Equal(new ObservationError(field, rule), TestDoor.Refusal(TestDoor.With(field, value)));
    }

    [Theory]
    [InlineData("account")]
    [InlineData("status")]
    [InlineData("prompt")]
    public void TryRead_OfAFieldTwice_IsRefused(string field)
    {
        var value = field == "status" ? "200" : "\"a\"";
        var json = $$"""{"type":"request","{{field}}":{{value}},"\u{{(int)field[0]:x4}}{{field[1..]}}":{{value}}}""";

        Assert.Equal(new ObservationError(field, "must be there once"), TestDoor.Refusal(json));
    }

    [Theory]
    [InlineData("{\"account\":\"a\"}", "type")]
    [InlineData("{\"type\":\"request\"}", "account")]
    public void TryRead_WithoutWhatIsNeeded_NamesIt(string json, string field)
    {
        Assert.Equal(new ObservationError(field, "is required"), TestDoor.Refusal(json));
    }

    [Theory]
    [InlineData("{\"type\":\"request\",\"account\":\"a\"}", "is required in a replay")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\",\"time\":\"2199-01-01T00:00:00Z\"}", "must not be after 2100-01-01")]
    [InlineData("{\"type\":\"request\",\"account\":\"a\",\"time\":\"1970-01-01T00:00:00Z\"}", "must not be before 2000-01-01")]
    public void TryRead_InAReplay_NeedsATimeUpTo2100(string json, string rule)
    {
        Assert.Equal(new ObservationError("time", rule), TestDoor.Refusal(json, isReplay: true));
    }
}
