using System.Text;
using System.Text.Json;

namespace AccountGrains.LoadTests.Traffic;

/// <summary>The JSON of a generated request, as a front end sends it: raw values, and a prompt of some 600 characters.</summary>
internal static class JsonForm
{
    private const int PromptWords = 100;

    // As many as people use, and as unevenly: with few words everybody would share phrases with everybody.
    private static readonly string[] Words = [.. Enumerable.Range(0, 8192).Select(WordOf)];

    /// <summary>Writes it.</summary>
    public static byte[] Of(in Shot shot)
    {
        var input = shot.Input;
        using var stream = new MemoryStream(1_400);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("type", "request");
            json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(input.Time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("account", input.Name.ToString());
            json.WriteString("requestId", $"r{input.Request:x16}");
            json.WriteString("ip", AddressOf((uint)input.Ip));
            json.WriteNumber("asn", 1 + ((uint)input.Asn % 60_000));
            json.WriteString("country", "US");
            json.WriteString("ja4", $"t13d1516h2_{(uint)input.Ja4:x8}_13e2e69d2f3b");
            json.WriteString("userAgent", $"python-sdk/1.{(uint)input.UserAgent % 97}");
            if (input.Payment != 0) json.WriteString("payment", $"pm_{(ulong)input.Payment:x12}");
            json.WriteString("model", input.Model);
            json.WriteString("endpoint", "/v1/messages");
            json.WriteString("capability", input.Capability);
            json.WriteNumber("inputTokens", input.InputTokens);
            json.WriteNumber("outputTokens", input.OutputTokens);
            json.WriteNumber("status", input.Status);
            json.WriteString("prompt", PromptOf(input.Sketch[0], input.Sketch[7]));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    // The first and last words come from the sketch's first token and stay as long as that does; those in the middle are new each time.
    private static string PromptOf(ulong template, ulong slot)
    {
        var text = new StringBuilder(PromptWords * 6);
        for (var i = 0; i < PromptWords; i++)
        {
            var seed = Core.Mixing.Join(i is >= 40 and < 60 ? slot : template, (ulong)i);
            text.Append(Words[Math.Min(seed % 8192, (seed >> 20) % 8192)]).Append(' ');
        }

        return text.ToString();
    }

    private static string WordOf(int number)
    {
        const string Consonants = "bcdfghklmnprstvw";
        const string Vowels = "aeio";
        var word = new StringBuilder();
        for (var rest = number + 64; rest > 0; rest >>= 6) word.Append(Consonants[rest & 15]).Append(Vowels[(rest >> 4) & 3]);
        return word.ToString();
    }

    // Of the block that is reserved for carriers' own networks, and above: never a special address.
    private static string AddressOf(uint number) => $"{(number >> 24) % 100 + 40}.{(number >> 16) & 255}.{(number >> 8) & 255}.{1 + ((number & 255) % 254)}";
}
