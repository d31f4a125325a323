using System.Globalization;
using System.Text.Json.Nodes;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>A campaign, found and shown through a real server.</summary>
public sealed class CampaignTests
{
    private const int Fleet = 24;
    private static readonly DateTime Start = new(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Campaign_OfAFleetAmongPeople_IsFoundAndShown()
    {
        await using var silo = await HttpSilo.StartAsync();
        await PlayAsync(silo);

        var (_, list) = await silo.GetAsync("/v1/campaigns?limit=1&minScore=0.1");
        var id = (string)list["items"]![0]!["id"]!;
        var (_, campaign) = await silo.GetAsync($"/v1/campaigns/{id}");
        var (_, timeline) = await silo.GetAsync($"/v1/campaigns/{id}/timeline");
        var (_, first) = await silo.GetAsync($"/v1/campaigns/{id}/members?limit=5");
        var (_, rest) = await silo.GetAsync($"/v1/campaigns/{id}/members?cursor={first["cursor"]}");

        Assert.Equal(id, (string?)campaign["id"]);
        Assert.True((double)campaign["assessment"]!["total"]! > 0);
        Assert.Equal("founded", (string?)campaign["timeline"]![0]!["event"]);
        Assert.Equal(campaign["timeline"]!.ToJsonString(), timeline["items"]!.ToJsonString());
        Assert.Equal(await LinesAsync(silo, id), timeline["items"]!.AsArray().Select(l => l!.ToJsonString()));
        JsonNode[] members = [.. first["items"]!.AsArray()!, .. rest["items"]!.AsArray()!];
        Assert.Equal((int)campaign["size"]!, members.Length);
        Assert.Equal(members.Length, members.Select(m => (string)m["account"]!).Distinct().Count());
        Assert.All(members, m => Assert.StartsWith("fleet-", (string)m["account"]!, StringComparison.Ordinal));
        var evidence = (string)campaign["evidence"]![0]!["fingerprint"]!;
        var (found, shown) = await silo.GetAsync($"/v1/fingerprints/{evidence.Split(':')[0]}/{evidence}");
        Assert.Equal(200, found);
        Assert.Contains(id, shown["campaigns"]!.AsArray().Select(c => (string)c!));
        var (_, account) = await silo.GetAsync($"/v1/accounts/{members[0]["account"]}");
        Assert.Equal(id, (string?)account["campaigns"]![0]!["id"]);
        var (_, closed) = await silo.GetAsync("/v1/campaigns?status=closed");
        Assert.Empty(closed["items"]!.AsArray());
    }

    /// <summary>The lines of the timeline, read one at a time.</summary>
    private static async Task<List<string>> LinesAsync(HttpSilo silo, string id)
    {
        var lines = new List<string>();
        for (var query = "?limit=1"; ;)
        {
            var (_, page) = await silo.GetAsync($"/v1/campaigns/{id}/timeline{query}");
            lines.AddRange(page["items"]!.AsArray().Select(l => l!.ToJsonString()));
            if (page["cursor"] is not { } next) return lines;
            query = $"?limit=1&cursor={next}";
        }
    }

    private static async Task PlayAsync(HttpSilo silo)
    {
        var random = new Random(7);
        var lines = new List<(DateTime Time, string Json)>();
        for (var i = 0; i < 400; i++) lines.Add(Line("request", $"person-{i}", random.Next(86_400), $"pm_{i}", $"198.18.{i / 250}.{i % 250}", Words(random, 30)));
        for (var i = 0; i < Fleet; i++)
        {
            var signup = random.Next(7200);
            lines.Add(Line("signup", $"fleet-{i}", signup, $"pm_fleet_{i % 4}", $"203.0.113.{i}", null));
            for (var request = 0; request < 12; request++)
            {
                const string Template = "Write your reasoning step by step, then grade the answer below on a scale from one to ten and explain every point of the grade in full:";
                lines.Add(Line("request", $"fleet-{i}", signup + 60 + random.Next(70_000), $"pm_fleet_{i % 4}", $"203.0.113.{i}", $"{Template} {Words(random, 12)}"));
            }
        }

        foreach (var hour in lines.OrderBy(l => l.Time).GroupBy(l => l.Time.Hour))
        {
            await silo.ObserveLinesAsync(string.Join('\n', hour.Select(l => l.Json)));
            await silo.CloseEpochAsync(Text(Start.AddHours(hour.Key + 1)));
        }
    }

    private static (DateTime Time, string Json) Line(string type, string account, int second, string payment, string ip, string? prompt)
    {
        var time = Start.AddSeconds(second);
        var json = new JsonObject
        {
            ["type"] = type,
            ["account"] = account,
            ["time"] = Text(time),
            ["payment"] = payment,
            ["ip"] = ip,
            ["prompt"] = prompt,
            ["capability"] = prompt is null ? null : "reasoning",
            ["inputTokens"] = prompt is null ? null : 500,
        };
        return (time, json.ToJsonString());
    }

    private static string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => $"w{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}"));

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
