using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>How the process starts, fails, reloads, stops and starts again.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Verdict_InShadowMode_IsAllowAndSaysWhatItWouldBe()
    {
        await using var silo = await HttpSilo.StartAsync(("Mode", "shadow"));

        var (_, verdict) = await silo.ObserveAsync("""{"type":"ban","account":"shadowed","reason":"fraud"}""");

        Assert.Equal(["allow", "block", "shadow"], HttpSilo.Texts(verdict, "verdict", "shadowVerdict", "mode"));
        Assert.Equal("external-ban", (string?)verdict["reasons"]![0]!["code"]);
        var (_, account) = await silo.GetAsync("/v1/accounts/shadowed");
        Assert.Equal("block", (string?)account["verdict"]!["shadowVerdict"]);
    }

    [Fact]
    public async Task Verdict_OfAnAccountThatHangs_IsTheLastKnownElseTheFallback_AndTheCallCounts()
    {
        await using var silo = await HttpSilo.StartAsync(("Deadline", "00:00:01"), ("Fallback", "challenge"));
        var (_, banned) = await silo.ObserveAsync("""{"type":"ban","account":"known","reason":"fraud"}""");
        silo.Calls.Hold("ObserveAsync");
        (int Status, JsonObject Body)[] answers;
        using (silo.HoldTurns("known"))
        {
            answers = await Task.WhenAll(
                silo.ObserveAsync("""{"type":"request","account":"known","requestId":"k"}"""),
                silo.ObserveAsync("""{"type":"request","account":"unknown","time":"2026-05-01T00:00:00Z"}"""));
        }

        silo.Calls.Release();

        Assert.Equal(["stale", "block", (string)banned["decisionId"]!, "k"], HttpSilo.Texts(answers[0].Body, "state", "verdict", "decisionId", "requestId"));
        Assert.Equal(["fallback", "challenge"], HttpSilo.Texts(answers[1].Body, "state", "verdict"));
        Assert.False((bool)answers[1].Body["durable"]!);
        Assert.Null(answers[1].Body["score"]);
        await silo.ObserveAsync("""{"type":"request","account":"unknown","time":"2026-05-01T00:00:01Z"}""");
        var (_, account) = await silo.GetAsync("/v1/accounts/unknown");
        Assert.Equal(2, (int)account["behaviour"]!["days"]![0]!["requests"]!);
        (_, account) = await silo.GetAsync("/v1/accounts/known");
        Assert.Equal(1, (int)account["behaviour"]!["days"]![0]!["requests"]!);
    }

    [Fact]
    public async Task Verdict_OfAnAccountThatFails_IsTheFallback()
    {
        await using var silo = await HttpSilo.StartAsync();
        silo.Calls.Fail("ObserveAsync", new InvalidOperationException("secret"));

        var (status, verdict) = await silo.ObserveAsync("""{"type":"request","account":"failing"}""");

        Assert.Equal(200, status);
        Assert.Equal(["fallback", "allow"], HttpSilo.Texts(verdict, "state", "verdict"));
    }

    [Fact]
    public async Task Read_WhenTheStoreFails_Gets503WithoutItsTextAndIsLogged()
    {
        await using var silo = await HttpSilo.StartAsync();
        silo.Calls.Fail("GetAsync", new IOException("secret"));

        using var response = await silo.Client.GetAsync("/v1/accounts/any", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var logged = Assert.Single(silo.Logs.Lines, l => l.Id == 1501);
        Assert.Equal("GET /v1/accounts/{id} failed with 503", logged.Text);
        Assert.IsType<IOException>(logged.Exception);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Epoch_ThatEndsByTheClock_CannotBeClosedByHand()
    {
        await using var silo = await HttpSilo.StartAsync(("Epoch:Mode", "Live"));

        var (status, problem) = await silo.CloseEpochAsync("2026-05-01T00:00:00Z");

        Assert.Equal(409, status);
        Assert.Contains("AccountGrains:Epoch:Mode", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_FromStartToStop_Turns()
    {
        await using var silo = await HttpSilo.StartAsync();
        var stop = TestContext.Current.CancellationToken;

        using var before = await silo.Client.GetAsync("/healthz/ready", stop);
        silo.App.Lifetime.StopApplication();
        using var after = await silo.Client.GetAsync("/healthz/ready", stop);
        using var live = await silo.Client.GetAsync("/healthz/live", stop);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], [before.StatusCode, after.StatusCode, live.StatusCode]);
    }

    [Fact]
    public async Task Lines_WhenTheSiloStops_EndWithWhatWasNotTakenIn()
    {
        const string Line = """{"type":"request","account":"streaming"}""";
        await using var silo = await HttpSilo.StartAsync();
        // HttpClient shows no answer before it has sent all.
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, silo.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/observations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n{Line.Length + 1:x}\r\n{Line}\n\r\n"), TestContext.Current.CancellationToken);
        using var answers = new StreamReader(stream);

        var first = await AnswerAsync(answers);
        silo.App.Lifetime.StopApplication();
        var last = await AnswerAsync(answers);

        Assert.Equal("allow", (string?)first["verdict"]);
        Assert.Equal(2, (int)last["line"]!);
        Assert.Contains("the server is stopping", last.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_ThatChanges_IsTakenWhole_AndAWrongOneIsNot()
    {
        await using var silo = await HttpSilo.StartAsync(("Policy:ThrottleScore", "5"));
        var holder = silo.Services.GetRequiredService<PolicyHolder>();
        var first = holder.Current;

        Set("4", "60");
        var second = holder.Current;
        Set("1", "90");
        var third = holder.Current;

        Assert.Equal((5.0, 1), (first.ThrottleScore, first.Version));
        Assert.Equal((4.0, 60, 2), (second.ThrottleScore, second.RetryAfterSeconds, second.Version));
        Assert.Same(second, third);

        void Set(string throttle, string retry)
        {
            silo.App.Configuration["AccountGrains:Policy:ThrottleScore"] = throttle;
            silo.App.Configuration["AccountGrains:Policy:RetryAfterSeconds"] = retry;
            ((IConfigurationRoot)silo.App.Configuration).Reload();
        }
    }

    [Theory]
    [InlineData("Deadline", "soon", "AccountGrains:Deadline")]
    [InlineData("Deadline", "01:00:00", "AccountGrains:Deadline")]
    [InlineData("Fallback", "block", "AccountGrains:Fallback")]
    [InlineData("Mode", "strict", "AccountGrains:Mode")]
    [InlineData("Epoch:Length", "0", "AccountGrains:Epoch:Length")]
    [InlineData("Cluster:SiloPort", "0", "AccountGrains:Cluster:SiloPort")]
    [InlineData("Cluster:SiloPort", "high", "AccountGrains:Cluster:SiloPort")]
    [InlineData("Keys:Current", "short", "AccountGrains:Keys:Current")]
    [InlineData("Storage:Provider", "Tape", "AccountGrains:Storage:Provider")]
    [InlineData("Policy:FamilyCap", "-1", "AccountGrains:Policy:FamilyCap")]
    [InlineData("Policy:ThrottleScore", "1", "AccountGrains:Policy:ThrottleScore")]
    [InlineData("Policy:RefreshInterval", "often", "AccountGrains:Policy:RefreshInterval")]
    public async Task Start_WithAWrongValue_IsRefusedWithTheKey(string key, string value, string named)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync("http://127.0.0.1:0", (key, value)));

        Assert.Contains(named, StartFailure.Explain(refused) ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "false", false)]
    [InlineData("http://*:0", "false", false)]
    [InlineData("http://127.0.0.1:0;http://[::]:0", "false", false)]
    [InlineData("http://0.0.0.0:0", "true", true)]
    [InlineData("http://[::1]:0", "false", true)]
    [InlineData("http://localhost:58231", "false", true)]
    public async Task Start_BeyondLoopback_NeedsASetting(string urls, string allow, bool accepted)
    {
        var build = BuildAsync(urls, ("AllowRemote", allow));

        if (accepted) await (await build).DisposeAsync();
        else Assert.Contains("AccountGrains:AllowRemote", (await Assert.ThrowsAsync<StartRefusedException>(() => build)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortInUse_NamesItsKey()
    {
        await using var silo = await HttpSilo.StartAsync();
        var taken = silo.App.Configuration["AccountGrains:Cluster:SiloPort"]!;

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => BuildAsync("http://127.0.0.1:0", ("Cluster:SiloPort", taken)));
        var refusedHttp = await Assert.ThrowsAsync<StartRefusedException>(() => BuildAsync(silo.App.Urls.First()));

        Assert.Contains("AccountGrains:Cluster:SiloPort", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--urls", refusedHttp.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_OnTheSameDirectory_KeepsEverything_AndTheKeyFile()
    {
        var directory = Directory.CreateTempSubdirectory("accountgrains-");
        var silo = await HttpSilo.StartAsync(("Storage:Provider", "Sqlite"), ("DataDirectory", directory.FullName), ("Keys:Current", ""));
        await silo.ObserveLinesAsync(string.Join('\n', Enumerable.Range(0, 300).Select(i =>
            $$"""{"type":"request","account":"kept-{{i % 3}}","time":"2026-05-01T00:{{i / 60:d2}}:{{i % 60:d2}}Z","payment":"pm_kept","ip":"192.0.2.{{i % 3}}","inputTokens":{{i}}}""")));
        await silo.ObserveAsync("""{"type":"ban","account":"kept-1","time":"2026-05-01T01:00:00Z","reason":"fraud"}""");
        await silo.CloseEpochAsync("2026-05-01T02:00:00Z");
        await silo.Stored();
        var before = await AllAsync(silo);

        await silo.RestartAsync();

        Assert.Equal(before, await AllAsync(silo));
        Assert.Contains("\"verdict\":\"block\"", before[1], StringComparison.Ordinal);
        Assert.Contains("\"detail\":\"fraud\"", before[1], StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory.FullName, "key")));
        await silo.DisposeAsync();
        var refused = await Assert.ThrowsAsync<StartRefusedException>(
            () => BuildAsync("http://127.0.0.1:0", ("Storage:Provider", "Sqlite"), ("DataDirectory", directory.FullName), ("Keys:Current", HttpSilo.Key)));
        Assert.Contains("AccountGrains:Keys:Current", refused.Message, StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }

    private static async Task<string[]> AllAsync(HttpSilo silo)
    {
        string[] paths = ["/v1/accounts/kept-0", "/v1/accounts/kept-1", "/v1/accounts/kept-2", "/v1/decisions"];
        return await Task.WhenAll(paths.Select(async p => (await silo.GetAsync(p)).Body.ToJsonString()));
    }

    private static Task<WebApplication> BuildAsync(string urls, params (string Key, string Value)[] settings) =>
        SiloApplication.BuildAsync(["--urls", urls], builder => builder.Configuration.AddInMemoryCollection(HttpSilo.Settings(settings)));

    private static async Task<JsonObject> AnswerAsync(StreamReader answers)
    {
        var line = "";
        while (!line.StartsWith('{')) line = await answers.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException();
        return JsonNode.Parse(line)!.AsObject();
    }
}
