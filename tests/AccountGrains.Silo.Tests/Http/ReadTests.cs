using System.Text.Json.Nodes;
using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>What can be read through a real server.</summary>
public sealed class ReadTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private readonly HttpSilo _silo = shared.Silo;

    [Theory]
    [InlineData("/v1/accounts/nobody")]
    [InlineData("/v1/fingerprints/ip/192.0.2.250")]
    [InlineData("/v1/fingerprints/payment/payment:00000000000000000000000000000001")]
    [InlineData("/v1/campaigns/c_00000000000000aa")]
    [InlineData("/v1/campaigns/nonsense")]
    [InlineData("/v1/campaigns/c_00000000000000aa/members")]
    [InlineData("/v1/campaigns/c_00000000000000aa/timeline")]
    [InlineData("/v1/nothing")]
    public async Task Read_OfWhatIsNotKnown_Gets404(string path)
    {
        var (status, problem) = await _silo.GetAsync(path);

        Assert.Equal(404, status);
        Assert.Equal(404, (int)problem["status"]!);
    }

    [Theory]
    [InlineData("/v1/campaigns?limit=0", "limit")]
    [InlineData("/v1/campaigns?limit=201", "limit")]
    [InlineData("/v1/decisions?limit=many", "limit")]
    [InlineData("/v1/decisions?cursor=!", "cursor")]
    [InlineData("/v1/decisions?cursor=YWJj", "cursor")]
    [InlineData("/v1/campaigns?cursor=YWJj", "cursor")]
    [InlineData("/v1/campaigns?status=gone", "status")]
    [InlineData("/v1/campaigns?minScore=2", "minScore")]
    [InlineData("/v1/campaigns/c_00000000000000aa/members?limit=-1", "limit")]
    [InlineData("/v1/campaigns/c_00000000000000aa/timeline?limit=-1", "limit")]
    [InlineData("/v1/campaigns/c_00000000000000aa/timeline?cursor=YWJj", "cursor")]
    [InlineData("/v1/fingerprints/shoe/42", "kind")]
    public async Task Read_WithAWrongParameter_NamesIt(string path, string field)
    {
        var (status, problem) = await _silo.GetAsync(path);

        Assert.Equal(400, status);
        Assert.Equal(field, (string?)problem["field"]);
    }

    [Fact]
    public async Task Account_ByAnyName_IsFound()
    {
        await _silo.ObserveAsync("""{"type":"request","account":"team/ü 1%","time":"2026-05-01T00:00:00Z","plan":"pro"}""");

        var (status, account) = await _silo.GetAsync("/v1/accounts/" + Uri.EscapeDataString("team/ü 1%"));

        Assert.Equal(200, status);
        Assert.Equal("team/ü 1%", (string?)account["account"]);
        Assert.Equal("2026-05-01T00:00:00.000Z", (string?)account["asOf"]);
        Assert.Equal("pro", (string?)account["plan"]);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%2fb/c%252F")]
    [InlineData("%2F")]
    public async Task Account_WhoseNameLooksEscaped_IsItself(string name)
    {
        await _silo.ObserveAsync(new JsonObject { ["type"] = "request", ["account"] = name }.ToJsonString());

        var (status, account) = await _silo.GetAsync($"/v1/accounts/{Uri.EscapeDataString(name)}?x=/y/%2F");

        Assert.Equal((200, name), (status, (string?)account["account"]));
    }

    [Fact]
    public async Task Account_OfANameThatIsTheEscapeOfAnother_IsNotTheOther()
    {
        await _silo.ObserveAsync("""{"type":"request","account":"one/other"}""");

        var (status, _) = await _silo.GetAsync("/v1/accounts/one%252Fother");

        Assert.Equal(404, status);
    }

    [Theory]
    [InlineData("device", "0123456789abcdef0123456789abcdef")]
    [InlineData("payment", "pm/%2F/with slashes")]
    public async Task Fingerprint_OfAnyRawValue_IsFoundByIt(string kind, string value)
    {
        await _silo.ObserveAsync(new JsonObject { ["type"] = "request", ["account"] = $"of-{kind}", [kind] = value }.ToJsonString());
        await _silo.CloseEpochAsync("2026-05-01T00:00:00Z");

        var (status, found) = await _silo.GetAsync($"/v1/fingerprints/{kind}/{Uri.EscapeDataString(value)}");
        var (bareId, _) = await _silo.GetAsync($"/v1/fingerprints/{kind}/{((string?)found["fingerprint"])?.Split(':')[1]}");

        Assert.Equal((200, 1), (status, (int?)found["accounts"]));
        Assert.Equal(404, bareId);
    }

    [Fact]
    public async Task Fingerprint_OfOneAccount_IsShownThoughItHasNoGrain()
    {
        _silo.Calls.Clear();
        await _silo.ObserveAsync("""{"type":"request","account":"alone","payment":"pm/alone"}""");
        await _silo.CloseEpochAsync("2026-05-01T00:00:00Z");

        var (status, card) = await _silo.GetAsync("/v1/fingerprints/payment/pm%2Falone");
        var (byHex, same) = await _silo.GetAsync($"/v1/fingerprints/payment/{card["fingerprint"]}");

        Assert.Equal((200, 200), (status, byHex));
        Assert.Equal(1, (int)card["accounts"]!);
        Assert.Equal(card.ToJsonString(), same.ToJsonString());
        Assert.DoesNotContain(_silo.Calls.Seen, call => call == "fingerprint ReportAsync");
    }

    [Fact]
    public async Task Account_WithACard_ShowsItInAFormThatFindsIt()
    {
        await _silo.ObserveAsync("""{"type":"request","account":"payer","payment":"pm/payer"}""");
        await _silo.CloseEpochAsync("2026-05-01T00:00:00Z");

        var (_, account) = await _silo.GetAsync("/v1/accounts/payer");

        var shown = Assert.Single(account["fingerprints"]!.AsArray());
        var (status, card) = await _silo.GetAsync($"/v1/fingerprints/payment/{shown}");
        Assert.Equal((200, (string?)shown, 1), (status, (string?)card["fingerprint"], (int)card["accounts"]!));
    }

    [Fact]
    public async Task Decisions_PageByPage_AreEachThereOnceAndInOrder()
    {
        foreach (var i in Enumerable.Range(0, 7)) await _silo.ObserveAsync($$"""{"type":"ban","account":"banned-{{i}}","time":"2026-05-01T00:00:0{{i}}Z","reason":"fraud"}""");
        await _silo.Stored();

        var pages = new List<JsonObject>();
        for (var cursor = ""; ;)
        {
            pages.Add((await _silo.GetAsync("/v1/decisions?limit=3" + cursor)).Body);
            if (pages[^1]["items"]!.AsArray().Count == 0) break;
            cursor = $"&cursor={pages[^1]["cursor"]}";
        }

        Assert.Equal([3, 3, 1, 0], pages.Select(p => p["items"]!.AsArray().Count));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"banned-{i}"), pages.SelectMany(p => p["items"]!.AsArray()).Select(d => (string)d!["account"]!));
        Assert.Equal("external-ban", (string?)pages[0]["items"]![0]!["reasons"]![0]!["code"]);
    }

    [Fact]
    public async Task Ban_AndRestore_AreShownWithWhatWasSaid()
    {
        await using var silo = await HttpSilo.StartAsync();

        var (_, verdict) = await silo.ObserveAsync("""{"type":"ban","account":"said","reason":"chargebacks"}""");
        var (_, banned) = await silo.GetAsync("/v1/accounts/said");
        await silo.ObserveAsync("""{"type":"restore","account":"said","reason":"appeal granted"}""");
        await silo.Stored();
        var (_, restored) = await silo.GetAsync("/v1/accounts/said");
        var (_, decisions) = await silo.GetAsync("/v1/decisions");

        Assert.Equal("chargebacks", (string?)verdict["reasons"]![0]!["detail"]);
        Assert.Equal("chargebacks", (string?)banned["verdict"]!["reasons"]![0]!["detail"]);
        Assert.Equal("external-restore: appeal granted", $"{restored["verdict"]!["reasons"]![0]!["code"]}: {restored["verdict"]!["reasons"]![0]!["detail"]}");
        Assert.Equal(["chargebacks", "appeal granted"], decisions["items"]!.AsArray().Select(d => (string?)d!["reasons"]![0]!["detail"]));
    }

    [Fact]
    public async Task Decisions_FollowedFromTheEnd_GoOnWithWhatComesNext()
    {
        await using var silo = await HttpSilo.StartAsync();
        var (_, nothing) = await silo.GetAsync("/v1/decisions");
        await silo.ObserveAsync("""{"type":"ban","account":"first"}""");
        await silo.Stored();

        var (_, all) = await silo.GetAsync("/v1/decisions");
        var (_, end) = await silo.GetAsync($"/v1/decisions?cursor={all["cursor"]}");
        await silo.ObserveAsync("""{"type":"ban","account":"second"}""");
        await silo.Stored();
        var (_, next) = await silo.GetAsync($"/v1/decisions?cursor={end["cursor"]}");

        Assert.False(nothing.ContainsKey("cursor"));
        Assert.Empty(end["items"]!.AsArray());
        Assert.Equal((string?)all["cursor"], (string?)end["cursor"]);
        Assert.Equal(["second"], next["items"]!.AsArray().Select(d => (string?)d!["account"]));
    }

    [Fact]
    public async Task Epoch_ClosedByHand_SaysWhatItSent()
    {
        var (status, epoch) = await _silo.CloseEpochAsync("2026-05-02T01:00:00+01:00");

        Assert.Equal(200, status);
        Assert.Equal("2026-05-02T00:00:00.000Z", (string?)epoch["until"]);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("1970-01-01T00:00:00Z")]
    public async Task Epoch_UntilAWrongTime_NamesTheField(string until)
    {
        var (status, problem) = await _silo.CloseEpochAsync(until);

        Assert.Equal(400, status);
        Assert.Equal("until", (string?)problem["field"]);
    }

    [Fact]
    public async Task Metrics_HaveOursAndOrleans()
    {
        foreach (var _ in Enumerable.Range(0, 2)) await _silo.ObserveAsync("""{"type":"request","account":"measured","requestId":"twice"}""");

        var metrics = await _silo.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        string[] names =
        [
            "accountgrains_verdicts_total{", "accountgrains_reports_depth", "accountgrains_reports_dropped", "accountgrains_unflushed_age_seconds", "accountgrains_unflushed_count",
            "accountgrains_epoch_lag_seconds", "accountgrains_messages_total{", "accountgrains_decisions_pending", "accountgrains_policy_version", "accountgrains_firstseen_entries",
            "accountgrains_firstseen_evictions", "accountgrains_observations_duplicates_total", "accountgrains_accounts_restricted", "orleans_",
        ];
        Assert.All(names, name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.DoesNotContain("measured", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_NamesAllRoutes()
    {
        var (status, document) = await _silo.GetAsync("/openapi/v1.json");

        Assert.Equal(200, status);
        string[] routes =
        [
            "/v1/observations", "/v1/accounts/{id}", "/v1/fingerprints/{kind}/{value}", "/v1/campaigns", "/v1/campaigns/{id}", "/v1/campaigns/{id}/members", "/v1/campaigns/{id}/timeline", "/v1/decisions",
            "/v1/epochs", "/healthz/live", "/healthz/ready",
        ];
        Assert.Equal(routes.Order(), document["paths"]!.AsObject().Select(p => p.Key).Order());
    }

    [Fact]
    public async Task OpenApi_OfAVerdict_SaysThatTheAccountIsAText()
    {
        var (_, document) = await _silo.GetAsync("/openapi/v1.json");

        Assert.Equal("string", (string?)document["components"]!["schemas"]!["VerdictView"]!["properties"]!["account"]!["type"]);
    }

    [Fact]
    public async Task OpenApi_OfAnObservation_HasEachFieldThatTheDoorReadsAndItsBounds()
    {
        var (_, document) = await _silo.GetAsync("/openapi/v1.json");

        var schema = document["paths"]!["/v1/observations"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        string[] fields = [.. Enum.GetValues<ObservationField>().Where(f => f != ObservationField.Unknown).Select(f => f.Name())];
        Assert.Equal(fields.Order(), schema["properties"]!.AsObject().Select(p => p.Key).Order());
        Assert.Equal(["account", "type"], schema["required"]!.AsArray().Select(r => (string)r!).Order());
        foreach (var (name, field) in schema["properties"]!.AsObject())
        {
            if (field!["maxLength"] is not { } limit) continue;
            var (status, problem) = await _silo.ObserveAsync(new JsonObject { ["type"] = "request", ["account"] = "schema-bounds", [name] = new string('x', (int)limit + 1) }.ToJsonString());
            Assert.Equal((400, name), (status, (string?)problem["field"]));
            var (_, within) = await _silo.ObserveAsync(new JsonObject { ["type"] = "request", ["account"] = "schema-bounds", [name] = new string('x', (int)limit) }.ToJsonString());
            Assert.DoesNotContain("at most", (string?)within["rule"] ?? "", StringComparison.Ordinal);
        }
    }
}
