using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AccountGrains.Silo.Correlation;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>Observations through a real server.</summary>
public sealed class ObservationTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private readonly HttpSilo _silo = shared.Silo;

    public static TheoryData<string, string, string> Bad => new()
    {
        { "truncated", """{"type":"request","account":"a""", "$" },
        { "an array", """["type"]""", "$" },
        { "two", """{"type":"request","account":"a"}{"type":"request","account":"a"}""", "$" },
        { "nothing", "", "$" },
        { "a number for the account", """{"type":"request","account":7}""", "account" },
        { "a text for tokens", """{"type":"request","account":"bad","inputTokens":"7"}""", "inputTokens" },
        { "300 characters", $$"""{"type":"request","account":"{{new string('a', 300)}}"}""", "account" },
        { "NUL", """{"type":"request","account":"a\u0000b"}""", "account" },
        { "a lone surrogate", """{"type":"request","account":"a\ud800"}""", "account" },
        { "5,000 levels", $$"""{"type":"request","account":"bad","x":{{new string('[', 5000)}}{{new string(']', 5000)}}}""", "$" },
        { "1970", """{"type":"request","account":"bad","time":"1970-01-01T00:00:00Z"}""", "time" },
        { "2199", """{"type":"request","account":"bad","time":"2199-01-01T00:00:00Z"}""", "time" },
        { "negative tokens", """{"type":"request","account":"bad","outputTokens":-1}""", "outputTokens" },
        { "10,000 fields", $$"""{"type":"request","account":"bad"{{string.Concat(Enumerable.Repeat(",\"\":1", 10_000))}}}""", "$" },
        { "v:2", """{"v":2,"type":"request","account":"bad"}""", "v" },
        { "no type", """{"account":"bad"}""", "type" },
        { "an unknown type", """{"type":"query","account":"bad"}""", "type" },
    };

    [Fact]
    public async Task Request_OfANewAccount_GetsAnAllowInOneGrainCall()
    {
        _silo.Calls.Clear();

        var (status, verdict) = await _silo.ObserveAsync("""{"type":"request","account":"one","requestId":"r\u0031","ip":"192.0.2.1"}""");

        Assert.Equal(200, status);
        Assert.Equal(["requestId", "account", "verdict", "decisionId", "durable", "mode", "state"], verdict.Select(p => p.Key));
        Assert.Equal(["r1", "one", "allow", "enforce", "live"], HttpSilo.Texts(verdict, "requestId", "account", "verdict", "mode", "state"));
        Assert.Equal(["account ObserveAsync"], _silo.Calls.Seen);
    }

    [Fact]
    public async Task Request_OfAnAccountThatIsLoaded_IsTakenInWithoutACall()
    {
        await using var silo = await HttpSilo.StartAsync();
        await silo.ObserveAsync("""{"type":"request","account":"loaded","requestId":"1"}""");
        silo.Calls.Clear();

        var (_, second) = await silo.ObserveAsync("""{"type":"request","account":"loaded","requestId":"2"}""");
        var (_, again) = await silo.ObserveAsync("""{"type":"request","account":"loaded","requestId":"2"}""");

        Assert.Equal("live", (string?)second["state"]);
        Assert.Null(second["duplicate"]);
        Assert.True((bool)again["duplicate"]!);
        Assert.Empty(silo.Calls.Seen);
        var (_, account) = await silo.GetAsync("/v1/accounts/loaded");
        Assert.Equal(2, (int)account["behaviour"]!["days"]![0]!["requests"]!);
    }

    [Fact]
    public async Task Requests_OfAnAccountThatIsUnloadedMeanwhile_AllCount()
    {
        const int Rounds = 40, AtOnce = 25;
        await using var silo = await HttpSilo.StartAsync();
        await silo.ObserveAsync("""{"type":"signup","account":"restless"}""");

        for (var round = 0; round < Rounds; round++)
        {
            var calls = Enumerable.Range(0, AtOnce).Select(i => silo.ObserveAsync($$"""{"type":"request","account":"restless","requestId":"{{round}}-{{i}}"}""")).ToList();
            await silo.UnloadAsync("restless");
            foreach (var (_, verdict) in await Task.WhenAll(calls)) Assert.Equal("live", (string?)verdict["state"]);
        }

        var (_, account) = await silo.GetAsync("/v1/accounts/restless");
        Assert.Equal(Rounds * AtOnce, account["behaviour"]!["days"]!.AsArray().Sum(d => (int)d!["requests"]!));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task BadObservation_GetsAProblemThatNamesFieldAndRule_AndActivatesNothing(string what, string json, string field)
    {
        _silo.Calls.Clear();

        var (status, problem) = await _silo.ObserveAsync(json);

        Assert.Equal(400, status);
        Assert.Equal(field, (string?)problem["field"]);
        Assert.NotEmpty((string?)problem["rule"] ?? "");
        Assert.Contains((string)problem["rule"]!, (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_silo.Calls.Seen);
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task Observation_InBadUtf8_GetsAProblem()
    {
        var (status, problem) = await _silo.ObserveAsync([.. """{"type":"request","account":"a"""u8, 0xC3, 0x28, .. "\"}"u8]);

        Assert.Equal(400, status);
        Assert.Equal("must be valid UTF-8", (string?)problem["rule"]);
    }

    [Theory]
    [InlineData(65_537)]
    [InlineData(70 * 1024)]
    public async Task Observation_OfTooManyBytes_Gets400(int bytes)
    {
        _silo.Calls.Clear();

        var (status, problem) = await _silo.ObserveAsync(Padded(bytes));

        Assert.Equal(400, status);
        Assert.Equal("$", (string?)problem["field"]);
        Assert.Empty(_silo.Calls.Seen);
    }

    [Fact]
    public async Task Observation_OfExactlyTheMostBytes_IsTaken()
    {
        var (status, _) = await _silo.ObserveAsync(Padded(65_536));

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Observation_OfAnotherContentType_Gets415()
    {
        using var content = new StringContent("""{"type":"request","account":"a"}""", Encoding.UTF8, "text/plain");
        using var response = await _silo.Client.PostAsync("/v1/observations", content, TestContext.Current.CancellationToken);

        Assert.Equal(415, (int)response.StatusCode);
    }

    [Fact]
    public async Task Request_SentThreeTimes_CountsOnceAndGetsTheSameVerdict()
    {
        const string Json = """{"type":"request","account":"thrice","requestId":"same","time":"2026-05-01T00:00:00Z","inputTokens":10}""";

        var answers = new[] { await _silo.ObserveAsync(Json), await _silo.ObserveAsync(Json), await _silo.ObserveAsync(Json) };

        Assert.Equal([null, true, true], answers.Select(a => (bool?)a.Body["duplicate"]));
        foreach (var (_, body) in answers) body.Remove("duplicate");
        Assert.Single(answers.Select(a => a.Body.ToJsonString()).Distinct());
        var (_, account) = await _silo.GetAsync("/v1/accounts/thrice");
        Assert.Equal(1, (int)account["behaviour"]!["days"]![0]!["requests"]!);
    }

    [Fact]
    public async Task Completion_AfterItsRequest_AddsWhatWasMissing()
    {
        await _silo.ObserveAsync("""{"type":"request","account":"later","requestId":"q","time":"2026-05-01T00:00:00Z","inputTokens":10}""");
        var (status, verdict) = await _silo.ObserveAsync("""{"type":"completion","account":"later","requestId":"q","time":"2026-05-01T00:00:02Z","outputTokens":70,"status":200}""");

        Assert.Equal(200, status);
        Assert.Equal("allow", (string?)verdict["verdict"]);
        var (_, account) = await _silo.GetAsync("/v1/accounts/later");
        Assert.Equal(70, (int)account["behaviour"]!["days"]![0]!["outputTokens"]!);
    }

    [Fact]
    public async Task Lines_OfAThousandGoodAndOneBad_AreAnsweredInOrder()
    {
        var lines = Enumerable.Range(0, 1000).Select(i => $$"""{"type":"request","account":"line-{{i % 10}}","requestId":"l{{i}}","time":"{{Time(i)}}"}""").ToList();
        lines.Insert(500, """{"type":"request","account":""");

        var answers = await _silo.ObserveLinesAsync(string.Join('\n', lines));

        Assert.Equal(1001, answers.Length);
        Assert.Equal(501, (int)answers[500]["line"]!);
        Assert.Equal("$", (string?)answers[500]["error"]!["field"]);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"l{i}"), answers.Where(a => a.ContainsKey("account")).Select(a => (string)a["requestId"]!));
        var (_, account) = await _silo.GetAsync("/v1/accounts/line-3");
        Assert.Equal(100, (int)account["behaviour"]!["days"]![0]!["requests"]!);
    }

    [Fact]
    public async Task Lines_BlankAndTooLong_GetAnErrorEach_AndTheRestGoesOn()
    {
        const string Good = """{"type":"request","account":"rest"}""";

        var answers = await _silo.ObserveLinesAsync($"{Good}\r\n\n{new string('x', 200_000)}\n{Encoding.UTF8.GetString(Padded(65_537))}\n{Good}\n\n");

        Assert.Equal([null, 2, 3, 4, null], answers.Select(a => (int?)a["line"]));
        Assert.Equal(["must not be blank between others", "must have at most 65536 bytes", "must have at most 65536 bytes"], answers[1..4].Select(a => (string)a["error"]!["rule"]!));
    }

    [Fact]
    public async Task Lines_ThatAreBlankBetweenOthers_AreAnsweredByTheirNumbers()
    {
        const string Good = """{"type":"request","account":"blanks"}""";

        var answers = await _silo.ObserveLinesAsync($"\n{Good}\n\n \n\t\n{Good}\n\n{Good}\n\n\n");

        Assert.Equal([1, null, 3, 4, 5, null, 7, null], answers.Select(a => (int?)a["line"]));
    }

    [Fact]
    public async Task Lines_OfOneAccount_AreNeverInFlightTogether()
    {
        // A second one that is under way would be answered without its account.
        await using var silo = await HttpSilo.StartAsync(("InFlight", "1"));

        var answers = await silo.ObserveLinesAsync(string.Join('\n', Enumerable.Range(0, 500).Select(i => $$"""{"type":"request","account":"chained","requestId":"{{i}}"}""")));

        Assert.Equal(500, answers.Length);
        Assert.All(answers, a => Assert.Equal("live", (string?)a["state"]));
    }

    [Fact]
    public async Task InnocentsOfIssueTwo_GetOnlyAllow_AndAreAllVisible()
    {
        var lines = new List<string>();
        for (var i = 0; i < 900; i++) lines.Add(Line($"nat-{i % 30}", i, "198.51.100.7", $"pm_{i % 30}"));
        for (var i = 0; i < 1500; i++) lines.Add(Line("batch", i / 2, "203.0.113.9", "pm_batch", "Summarise the following document in five bullet points for the weekly report."));
        for (var i = 0; i < 240; i++) lines.Add(Line("mover", i * 4, $"192.0.2.{i % 12}", "pm_mover"));
        var answers = new List<JsonObject>();
        foreach (var chunk in lines.Chunk(500))
        {
            answers.AddRange(await _silo.ObserveLinesAsync(string.Join('\n', chunk)));
            await _silo.CloseEpochAsync(Time(4000));
        }

        Assert.Equal(lines.Count, answers.Count);
        Assert.All(answers, a => Assert.Equal("allow", (string?)a["verdict"]));
        Assert.All(answers, a => Assert.Equal("live", (string?)a["state"]));
        foreach (var name in Enumerable.Range(0, 30).Select(i => $"nat-{i}").Append("batch").Append("mover"))
        {
            var (status, account) = await _silo.GetAsync($"/v1/accounts/{name}");
            Assert.Equal(200, status);
            Assert.Equal("allow", (string?)account["verdict"]!["verdict"]);
        }

        var (_, mover) = await _silo.GetAsync("/v1/accounts/mover");
        Assert.InRange((double)mover["behaviour"]!["distinctAddresses"]!, 10, 14);
        var (found, address) = await _silo.GetAsync("/v1/fingerprints/ip/198.51.100.7");
        Assert.Equal(200, found);
        Assert.Equal(30, (int)address["accounts"]!);
        Assert.Equal(20, address["recentAccounts"]!.AsArray().Count);
        Assert.Equal(1, _silo.Services.GetRequiredService<SnapshotHolder>().Current.Policy.Version);
    }

    private static string Line(string account, int second, string ip, string payment, string? prompt = null) =>
        $$"""{"type":"request","account":"{{account}}","time":"{{Time(second)}}","ip":"{{ip}}","payment":"{{payment}}","inputTokens":10{{(prompt is null ? "" : $",\"prompt\":\"{prompt}\"")}}}""";

    private static string Time(int second) => new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static byte[] Padded(int bytes)
    {
        const string Start = """{"type":"request","account":"padded","x":""" + "\"";
        return Encoding.UTF8.GetBytes(Start + new string('x', bytes - Start.Length - 2) + "\"}");
    }
}
