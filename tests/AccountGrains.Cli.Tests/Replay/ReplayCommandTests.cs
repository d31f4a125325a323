using System.Text.Json;

namespace AccountGrains.Cli.Tests.Replay;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly TraceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_OfOneFileTwice_GivesTheSameBytes()
    {
        var trace = _folder.Write("trace.jsonl");

        var first = await ReplayAsync(trace, "one");
        var second = await ReplayAsync(trace, "two");

        Assert.Equal(0, first.Code);
        Assert.Equal(0, second.Code);
        var decisions = await ReadAsync("one/decisions.jsonl");
        Assert.NotEmpty(decisions);
        Assert.Equal(decisions, await ReadAsync("two/decisions.jsonl"));
        Assert.Equal(await ReadAsync("one/campaigns.json"), await ReadAsync("two/campaigns.json"));
    }

    [Fact]
    public async Task Replay_OfTwoBansAtOneTime_WritesThemByAccount()
    {
        await ReplayAsync(_folder.Write("trace.jsonl"), "out");

        var decisions = File.ReadLines(_folder["out/decisions.jsonl"]).Select(l => JsonSerializer.Deserialize<JsonElement>(l));
        var blocked = decisions.Where(d => d.GetProperty("verdict").GetString() == "block").Select(d => d.GetProperty("account").GetString());
        Assert.Equal(["a0", "a1"], blocked);
    }

    [Fact]
    public async Task Replay_OfACompressedFile_GivesWhatThePlainOneGives()
    {
        await ReplayAsync(_folder.Write("trace.jsonl"), "plain");
        await ReplayAsync(_folder.Write("trace.jsonl.gz"), "packed");

        Assert.Equal(await ReadAsync("plain/decisions.jsonl"), await ReadAsync("packed/decisions.jsonl"));
    }

    [Fact]
    public async Task Replay_WithBadLines_CountsTheGoodOnesAndEndsWithThree()
    {
        var tooLong = $$"""{"type":"request","time":"2026-05-01T01:00:00.000Z","account":"big","prompt":"{{new string('x', 70 * 1024)}}"}""";
        var trace = _folder.Write("trace.jsonl", "", tooLong, "{\"type\":", """{"type":"request","account":"no-time"}""");

        var result = await ReplayAsync(trace, "out");

        Assert.Equal(3, result.Code);
        Assert.Contains("4 lines were rejected", result.Error, StringComparison.Ordinal);
        var rejects = File.ReadLines(_folder["out/rejects.jsonl"]).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToArray();
        Assert.Equal([101, 102, 103, 104], rejects.Select(r => r.GetProperty("line").GetInt32()));
        Assert.Equal(["$", "$", "$", "time"], rejects.Select(r => r.GetProperty("field").GetString()));
        Assert.Equal(TraceFolder.Lines, _folder.ReadJson("out/summary.json").GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Summary_OfAReplay_AddsUp()
    {
        await ReplayAsync(_folder.Write("trace.jsonl", "nonsense"), "out");

        var summary = _folder.ReadJson("out/summary.json");
        int Of(string name) => summary.GetProperty(name).GetInt32();
        Assert.Equal(TraceFolder.Lines + 1, Of("events"));
        Assert.Equal(Of("events"), Of("accepted") + Of("rejected"));
        Assert.Equal(1, Of("duplicates"));
        Assert.Equal(20, Of("accounts"));
        Assert.Equal(20, summary.GetProperty("verdicts").EnumerateObject().Sum(v => v.Value.GetInt32()));
        Assert.Equal(2, summary.GetProperty("verdicts").GetProperty("block").GetInt32());
        Assert.Equal("00:01:00", summary.GetProperty("epochLength").GetString());
    }

    [Fact]
    public async Task Replay_AskedForJson_PrintsTheSummaryAlone()
    {
        var trace = _folder.Write("trace.jsonl");

        var result = await CommandLine.RunAsync("replay", "--input", trace, "--engine", "inprocess", "--epoch-length", "5m", "--json");

        Assert.Equal("00:05:00", JsonSerializer.Deserialize<JsonElement>(result.Output).GetProperty("epochLength").GetString());
    }

    [Theory]
    [InlineData("inprocess", "notices to accounts")]
    [InlineData("cluster", "IAccountGrain.ObserveAsync")]
    public async Task Replay_WithEitherEngine_SaysWhatItSent(string engine, string what)
    {
        var trace = _folder.Write("trace.jsonl");

        var shown = await CommandLine.RunAsync("replay", "--input", trace, "--engine", engine, "--epoch-length", "1h");
        var json = JsonSerializer.Deserialize<JsonElement>((await CommandLine.RunAsync("replay", "--input", trace, "--engine", engine, "--epoch-length", "1h", "--json")).Output);

        Assert.Contains(what, shown.Output, StringComparison.Ordinal);
        Assert.Contains("correlation messages, ", shown.Output, StringComparison.Ordinal);
        Assert.True(json.GetProperty("calls").TryGetProperty(what, out _));
        var messages = json.GetProperty("correlationMessages").GetInt64();
        Assert.InRange(messages, 1, long.MaxValue);
        Assert.Equal((double)messages / TraceFolder.Lines, json.GetProperty("correlationMessagesPerObservation").GetDouble(), 0.0001);
        Assert.Equal(json.GetProperty("engineSeconds").GetDouble() * 1e6 / TraceFolder.Lines, json.GetProperty("engineMicrosecondsPerObservation").GetDouble(), 1e6 * 0.001 / TraceFolder.Lines);
    }

    [Fact]
    public async Task Replay_ThatIsStopped_EndsWithOne()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        var result = await CommandLine.RunStoppableAsync(["replay", "--input", _folder.Write("trace.jsonl"), "--engine", "inprocess"], stopped.Token);

        Assert.Equal(1, result.Code);
        Assert.Contains("Stopped", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfAFileThatIsNotThere_SaysSoAndEndsWithOne()
    {
        var result = await ReplayAsync(_folder["nothing.jsonl"], "out");

        Assert.Equal(1, result.Code);
        Assert.Contains("nothing.jsonl", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfAFileThatIsNoGzip_SaysSoAndEndsWithOne()
    {
        await File.WriteAllTextAsync(_folder["broken.gz"], "not compressed", TestContext.Current.CancellationToken);

        var result = await ReplayAsync(_folder["broken.gz"], "out");

        Assert.Equal(1, result.Code);
        Assert.Contains("broken.gz cannot be unpacked", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task Replay_OfAnArchiveThatIsCutOff_SaysSoAndEndsWithOne(double share)
    {
        var whole = await File.ReadAllBytesAsync(_folder.Write("whole.jsonl.gz"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder["cut.jsonl.gz"], whole[..(int)(whole.Length * share)], TestContext.Current.CancellationToken);

        var result = await ReplayAsync(_folder["cut.jsonl.gz"], "out");

        Assert.Equal(1, result.Code);
        Assert.Contains("cut.jsonl.gz cannot be unpacked", result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> ReplayAsync(string input, string output) =>
        CommandLine.RunAsync("replay", "--input", input, "--engine", "inprocess", "--out", _folder[output]);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(_folder[name], TestContext.Current.CancellationToken);
}
