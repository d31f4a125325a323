using System.Globalization;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>A fleet among innocents, as recorded traffic of three hours in epochs of ten minutes.</summary>
internal static class FleetTrace
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The observations of each epoch, in the order of their times, and its end.</summary>
    public static IReadOnlyList<(DateTimeOffset End, (string Account, object Observation)[] Requests)> Epochs()
    {
        var random = new Random(1);
        var people = Enumerable.Range(0, 1500).Select(i => (Name: $"person-{i:d4}", Requests: 2));
        var fleet = Enumerable.Range(0, 40).Select(i => (Name: $"fleet-{i:d2}", Requests: 10));
        var requests = people.Concat(fleet).SelectMany(a => Enumerable.Range(0, a.Requests).Select(_ => (a.Name, Time: Start.AddSeconds(random.Next(3 * 3600))))).OrderBy(r => r.Time).ToArray();
        return [.. requests.GroupBy(r => (r.Time.Hour * 6) + (r.Time.Minute / 10)).Select(epoch =>
            (epoch.Max(r => r.Time), epoch.Select(r => (r.Name, Request(r.Name, r.Time, random))).ToArray()))];
    }

    /// <summary>One request of a member of the fleet or of a person, by its name.</summary>
    public static object Request(string name, DateTimeOffset time, Random random)
    {
        var number = int.Parse(name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        var isFleet = name.StartsWith("fleet", StringComparison.Ordinal);
        return new
        {
            type = "request",
            time,
            account = name,
            ip = isFleet ? $"10.1.{number}.7" : $"10.2.{number / 250}.{number % 250}",
            payment = isFleet ? $"card-{number % 8}" : $"own-{number}",
            model = "large",
            capability = isFleet ? "reasoning" : "coding",
            inputTokens = 500,
            outputTokens = 100,
            status = 200,
            prompt = isFleet ? Template(Words(random, 30)) : Words(random, 60),
        };
    }

    private static string Template(string body) =>
        "You are an expert tutor for competition mathematics. Work through the following problem step by step and justify each inference carefully. "
        + body + " Finally restate the complete chain of reasoning inside numbered paragraphs and close with a single boxed result.";

    private static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Next(26))))));
}
