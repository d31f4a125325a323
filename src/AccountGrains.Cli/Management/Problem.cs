using System.Text.Json;

namespace AccountGrains.Cli.Management;

/// <summary>An RFC 9457 problem, as one sentence.</summary>
internal static class Problem
{
    public static string Of(string body)
    {
        try
        {
            return Of(JsonSerializer.Deserialize<JsonElement>(body));
        }
        catch (JsonException)
        {
            return "it gave no reason.";
        }
    }

    public static string Of(JsonElement problem) => Text(problem, "detail") ?? Text(problem, "title") ?? "it gave no reason.";

    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
