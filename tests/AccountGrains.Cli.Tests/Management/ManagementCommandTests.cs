using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AccountGrains.Cli.Tests.Management;

public sealed class ManagementCommandTests
{
    private const string Campaign = """{"id":"c_1","status":"active","score":0.9876,"openedAt":"2026-05-01T00:00:00.000Z","families":["template","payment"],"size":40,"taken":{"requests":1234,"inputTokens":5,"outputTokens":67890}}""";

    [Fact]
    public async Task Account_ThatIsKnown_IsShownWithHarmlessText()
    {
        const string Json = """{"account":"a/1","verdict":"throttle","note":"[red]\u001b[2Jx","reasons":[{"code":"shared-payment","weight":12.4}],"behaviour":{"requests":{"hour":3}}}""";
        await using var server = await StubServer.StartAsync(app => app.MapGet("/v1/accounts/{id}", (string id) => id == "a%2F1" ? StubServer.Json(Json) : Results.NotFound()));

        var result = await CommandLine.RunAsync("account", "a/1", "--url", server.Url);

        Assert.Equal(0, result.Code);
        Assert.Contains("shared-payment", result.Output, StringComparison.Ordinal);
        Assert.Contains("12.4", result.Output, StringComparison.Ordinal);
        Assert.Contains("[red]\uFFFD[2Jx", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public async Task Account_AskedForJson_PrintsWhatTheServerSaid()
    {
        const string Json = """{"account":"a1","verdict":"allow","asOf":"2026-05-01T00:00:00.000Z"}""";
        await using var server = await StubServer.StartAsync(app => app.MapGet("/v1/accounts/a1", () => StubServer.Json(Json)));

        var result = await CommandLine.RunAsync("account", "a1", "--url", server.Url, "--json");

        Assert.Equal(Json, result.Output.TrimEnd());
    }

    [Theory]
    [InlineData("account", "nobody")]
    [InlineData("campaign", "c_0")]
    [InlineData("fingerprint", "ip", "192.0.2.1")]
    public async Task Command_OnSomethingUnknown_SaysSoAndEndsWithOne(params string[] args)
    {
        await using var server = await StubServer.StartAsync(_ => { });

        var result = await CommandLine.RunAsync([.. args, "--url", server.Url]);

        Assert.Equal(1, result.Code);
        Assert.Contains(args[^1], result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WithoutAServer_SaysHowToStartOne()
    {
        var server = await StubServer.StartAsync(_ => { });
        var url = server.Url;
        await server.DisposeAsync();

        var result = await CommandLine.RunAsync("campaigns", "--url", url);

        Assert.Equal(1, result.Code);
        Assert.Contains("Start one with", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_OnAProblem_SaysWhatTheServerSaid()
    {
        await using var server = await StubServer.StartAsync(app => app.MapGet("/v1/campaigns", () => StubServer.Json("""{"title":"No store","detail":"The store is away."}""", 503)));

        var result = await CommandLine.RunAsync("campaigns", "--url", server.Url);

        Assert.Equal(1, result.Code);
        Assert.Contains("503: The store is away.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaigns_OfAPage_ShowsThemAndHowToGoOn()
    {
        string? query = null;
        await using var server = await StubServer.StartAsync(app => app.MapGet("/v1/campaigns", (HttpRequest request) =>
        {
            query = request.QueryString.Value;
            return StubServer.Json($$"""{"items":[{{Campaign}}],"cursor":"next+1"}""");
        }));

        var result = await CommandLine.RunAsync("campaigns", "--status", "active", "--min-score", "0.5", "--limit", "1", "--cursor", "a b", "--url", server.Url);

        Assert.Equal("?status=active&minScore=0.5&limit=1&cursor=a%20b", query);
        Assert.Contains("0.9876", result.Output, StringComparison.Ordinal);
        Assert.Contains("67,890", result.Output, StringComparison.Ordinal);
        Assert.Contains("--cursor next+1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Campaign_ThatIsKnown_IsShownWithEvidenceTimelineAndMembers()
    {
        await using var server = await StubServer.StartAsync(app =>
        {
            app.MapGet("/v1/campaigns/c_1", () => StubServer.Json("""{"id":"c_1","status":"active","evidence":[{"fingerprint":"payment:00ff","weight":9.1}],"timeline":[{"time":"2026-05-01T00:00:00.000Z","event":"founded","members":6}]}"""));
            app.MapGet("/v1/campaigns/c_1/members", () => StubServer.Json("""{"items":[{"account":"acct_9","probability":0.9}]}"""));
        });

        var shown = await CommandLine.RunAsync("campaign", "c_1", "--url", server.Url);
        var json = await CommandLine.RunAsync("campaign", "c_1", "--url", server.Url, "--json");

        Assert.All(["payment:00ff", "founded", "acct_9"], part => Assert.Contains(part, shown.Output, StringComparison.Ordinal));
        var parts = JsonSerializer.Deserialize<JsonElement>(json.Output);
        Assert.Equal("acct_9", parts.GetProperty("members").GetProperty("items")[0].GetProperty("account").GetString());
        Assert.Equal("founded", parts.GetProperty("campaign").GetProperty("timeline")[0].GetProperty("event").GetString());
    }
}
