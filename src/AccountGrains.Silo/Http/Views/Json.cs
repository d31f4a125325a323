using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AccountGrains.Silo.Http.Views;

/// <summary>How everything is written as JSON: camelCase, empty fields left out, times in RFC 3339 with milliseconds.</summary>
internal static class Json
{
    /// <summary>The options of one-line JSON.</summary>
    public static JsonSerializerOptions Line { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>The options of JSON for people.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true };

    /// <summary>Applies the rules to options, for instance those of the web host.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        return options;
    }

    /// <summary>A time in RFC 3339, UTC, with milliseconds.</summary>
    public static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same, null for a time that is not known.</summary>
    public static string? TimeOrNull(long milliseconds) => milliseconds == 0 ? null : Time(milliseconds);

    /// <summary>A verdict, status or the like by its name in JSON.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => Names<T>.Of.TryGetValue(value, out var name) ? name : JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Of = Enum.GetValues<T>().Distinct().ToFrozenDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));
    }
}
