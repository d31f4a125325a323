using AccountGrains.Cli.Tests.Management;
using Microsoft.AspNetCore.Builder;

namespace AccountGrains.Cli.Tests.Replay;

public sealed class UrlReplayTests : IDisposable
{
    private readonly TraceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_AgainstAManualServer_SendsAllLinesAndClosesEachEpoch()
    {
        var tracker = new StubTracker(isManual: true);
        await using var server = await StubServer.StartAsync(tracker.Map);

        var result = await ReplayAsync(server, _folder.Write("trace.jsonl"), "--epoch-length", "1h");

        Assert.Equal(0, result.Code);
        Assert.Equal(File.ReadLines(_folder["trace.jsonl"]), tracker.Lines);
        Assert.Equal(["2026-05-01T01:00:00.000Z", "2026-05-01T02:00:00.000Z", "2026-05-01T05:00:00.000Z"], tracker.Epochs);
    }

    [Fact]
    public async Task Replay_AgainstAServer_WritesTheSameFourFiles()
    {
        var tracker = new StubTracker(isManual: true);
        await using var server = await StubServer.StartAsync(tracker.Map);

        var result = await ReplayAsync(server, _folder.Write("trace.jsonl", "", "nonsense"));

        Assert.Equal(3, result.Code);
        Assert.Equal(["a0", "a1"], File.ReadLines(_folder["out/decisions.jsonl"]).Select(l => l.Split("\"account\":\"")[1][..2]));
        Assert.Equal("""{"line":101,"field":"$","rule":"must be a JSON object"}""", File.ReadLines(_folder["out/rejects.jsonl"]).First());
        Assert.Equal("a0", _folder.ReadJson("out/campaigns.json")[0].GetProperty("members")[0].GetProperty("account").GetString());
        var summary = _folder.ReadJson("out/summary.json");
        Assert.Equal(TraceFolder.Lines + 2, summary.GetProperty("events").GetInt32());
        Assert.Equal(2, summary.GetProperty("rejected").GetInt32());
        Assert.Equal(20, summary.GetProperty("accounts").GetInt32());
        Assert.Equal(2, summary.GetProperty("verdicts").GetProperty("block").GetInt32());
    }

    [Fact]
    public async Task Replay_AgainstAServerThatHadToSendAgain_WritesWhatThereIsAndEndsWithOne()
    {
        var tracker = new StubTracker(isManual: true) { Resent = 2 };
        await using var server = await StubServer.StartAsync(tracker.Map);

        var result = await ReplayAsync(server, _folder.Write("trace.jsonl"), "--epoch-length", "1h");

        Assert.Equal(1, result.Code);
        Assert.Contains("6 correlation calls were not acknowledged", result.Error, StringComparison.Ordinal);
        Assert.NotEmpty(File.ReadLines(_folder["out/decisions.jsonl"]));
    }

    [Fact]
    public async Task Replay_AgainstAServerWithItsOwnEpochs_SaysSoOnceAndGoesOn()
    {
        var tracker = new StubTracker(isManual: false);
        await using var server = await StubServer.StartAsync(tracker.Map);

        var result = await ReplayAsync(server, _folder.Write("trace.jsonl"));

        Assert.Equal(0, result.Code);
        Assert.Equal(TraceFolder.Lines, tracker.Lines.Count);
        Assert.Single(result.Error.Split('\n'), line => line.Contains("Epoch:Mode=Manual", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_OfMoreThanARequestHolds_KeepsTheOrder()
    {
        var tracker = new StubTracker(isManual: false);
        await using var server = await StubServer.StartAsync(tracker.Map);
        string[] large = [.. Enumerable.Range(0, 20).Select(i => $$"""{"type":"request","time":"2026-05-01T00:30:00.000Z","account":"b{{i}}","prompt":"{{new string('x', 60_000)}}"}""")];

        await ReplayAsync(server, _folder.Write("trace.jsonl", large));

        Assert.Equal(File.ReadLines(_folder["trace.jsonl"]), tracker.Lines);
        Assert.True(tracker.Requests > 4);
    }

    [Fact]
    public async Task Replay_AgainstABusyServer_EndsWithOne()
    {
        const string Refusal = """{"line":1,"error":{"status":503,"title":"Too many requests are waiting."}}""";
        await using var server = await StubServer.StartAsync(app => app.MapPost("/v1/observations", () => StubServer.Json(Refusal + "\n")));

        var result = await ReplayAsync(server, _folder.Write("trace.jsonl"));

        Assert.Equal(1, result.Code);
        Assert.Contains("Too many requests are waiting.", result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> ReplayAsync(StubServer server, string input, params string[] more) =>
        CommandLine.RunAsync(["replay", "--input", input, "--url", server.Url, "--out", _folder["out"], .. more]);
}
