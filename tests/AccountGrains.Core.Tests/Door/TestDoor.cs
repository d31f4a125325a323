using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

/// <summary>A door with a fixed key and clock.</summary>
internal static class TestDoor
{
    public const long Now = 1_777_593_612_345; // 2026-05-01T00:00:12.345Z

    public const string Good =
        """
        {"v":1,"type":"request","time":"2026-05-01T00:00:12.345Z","account":"acct_8ad182ca7c","requestId":"r00000000",
         "ip":"13.90.0.152","asn":63949,"country":"US","ja4":"t13d1516h2_7928af65b9a4_13e2e69d2f3b","userAgent":"python-sdk/1.10",
         "device":"dev_1","payment":"pm_b0f7a55cdf02","organization":"org_7","plan":"pro","emailDomain":"example.com",
         "model":"atlas-large-3","endpoint":"/v1/messages","capability":"coding","inputTokens":512,"outputTokens":900,"status":200,
         "prompt":"You are a careful grader. Read the answer below and give it a mark.","signals":{"reasoningElicitation":0.92},
         "presented":["turn_1","turn_2"],"issued":["turn_3"]}
        """;

    public static byte[] Secret { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static KeyRing Keys(int cachedValues = 1_024) => new(Secret, 1, cachedValues);

    public static DoorContext Context(bool isReplay = false)
    {
        var keys = Keys();
        return new DoorContext(keys, new LabelCache(keys), Now, isReplay);
    }

    public static AccountInput Read(string json, bool isReplay = false)
    {
        var isRead = ObservationReader.TryRead(Encoding.UTF8.GetBytes(json), Context(isReplay), out var input, out var error);

        Assert.True(isRead, error.ToString());
        return input;
    }

    public static ObservationError Refusal(byte[] json, bool isReplay = false)
    {
        var isRead = ObservationReader.TryRead(json, Context(isReplay), out _, out var error);

        Assert.False(isRead);
        return error;
    }

    public static ObservationError Refusal(string json, bool isReplay = false) => Refusal(Encoding.UTF8.GetBytes(json), isReplay);

    /// <summary>A request with one more field, or with another value for one of those it needs.</summary>
    public static string With(string field, string value)
    {
        var type = field == "type" ? value : "\"request\"";
        var account = field == "account" ? value : "\"a\"";
        var rest = field is "type" or "account" ? "" : $",\"{field}\":{value}";
        return $$"""{"type":{{type}},"account":{{account}}{{rest}}}""";
    }
}
