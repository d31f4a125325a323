using System.Text.Json;
using AccountGrains.Cli.Tests.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AccountGrains.Cli.Tests.Replay;

/// <summary>A stand-in for a running server: answers each line, remembers what it was asked.</summary>
internal sealed class StubTracker(bool isManual)
{
    public const string Campaign = """{"id":"c_1","status":"active","score":1,"openedAt":"2026-05-01T00:00:00.000Z","families":["template"],"size":2,"taken":{"requests":1,"inputTokens":1,"outputTokens":1}}""";

    /// <summary>What it says it had to send again at the end of each epoch.</summary>
    public int Resent { get; init; }

    public List<string> Lines { get; } = [];

    public List<string> Epochs { get; } = [];

    public int Requests { get; private set; }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/observations", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Lines.AddRange(lines);
            Requests++;
            return Results.Text(string.Concat(lines.Select(Answer)), "application/x-ndjson");
        });
        app.MapPost("/v1/epochs", async (HttpRequest request) =>
        {
            if (!isManual) return StubServer.Json("""{"title":"Epochs are closed by the clock."}""", 409);
            Epochs.Add((await request.ReadFromJsonAsync<JsonElement>()).GetProperty("until").GetString()!);
            return StubServer.Json($$"""{"until":"{{Epochs[^1]}}","reports":7,"resent":{{Resent}}}""");
        });
        app.MapGet("/v1/decisions", (string? cursor) => StubServer.Json(cursor is null
            ? $$"""{"items":[{{Decision("a1")}}],"cursor":"2"}"""
            : $$"""{"items":[{{Decision("a0")}}]}"""));
        app.MapGet("/v1/campaigns", () => StubServer.Json($$"""{"items":[{{Campaign}}]}"""));
        app.MapGet("/v1/campaigns/c_1/members", () => StubServer.Json("""{"items":[{"account":"a0","probability":0.9,"since":"2026-05-01T00:01:00.000Z","requests":1,"matched":1}]}"""));
    }

    private static string Decision(string account) => $$"""{"time":"2026-05-01T04:00:00.000Z","account":"{{account}}","verdict":"block","score":0.5,"decisionId":"d_{{account}}","policy":1}""";

    private static string Answer(string line, int index)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(line);
            return $$"""{"account":"{{json.GetProperty("account").GetString()}}","verdict":"allow","decisionId":"d_0","mode":"enforce","state":"live"}""" + "\n";
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return $$$"""{"line":{{{index + 1}}},"error":{"status":400,"title":"Bad observation","field":"$","rule":"must be a JSON object"}}""" + "\n";
        }
    }
}
