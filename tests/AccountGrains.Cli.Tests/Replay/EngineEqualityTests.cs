using AccountGrains.Silo.Tests.Processes;

namespace AccountGrains.Cli.Tests.Replay;

/// <summary>The engines decide the same: an embedded silo, the default; the single-threaded one; and a silo in a process of its own.</summary>
public sealed class EngineEqualityTests : IDisposable
{
    private const string EpochLength = "15m";
    private readonly TraceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_ThroughEitherEngine_WritesTheSameDecisionsAndCampaigns()
    {
        await ReplayAsync("inprocess", Quickstart, "--engine", "inprocess");
        await ReplayAsync("cluster", Quickstart, "--engine", "cluster");

        Assert.Contains("\"verdict\":\"throttle\"", await ReadAsync("cluster/decisions.jsonl"), StringComparison.Ordinal);
        Assert.Equal(await ReadAsync("inprocess/decisions.jsonl"), await ReadAsync("cluster/decisions.jsonl"));
        Assert.Equal(await ReadAsync("inprocess/campaigns.json"), await ReadAsync("cluster/campaigns.json"));
    }

    [Fact]
    public async Task Replay_WithoutAnEngineNamed_TakesTheCluster()
    {
        var result = await ReplayAsync("default", _folder.Write("trace.jsonl"));

        Assert.Contains("IAccountGrain.ObserveAsync", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_IntoAServerOfItsOwn_DecidesTheSameAndIsShownThere()
    {
        await using var silo = await StartAsync();
        await ReplayAsync("inprocess", Quickstart, "--engine", "inprocess");
        await ReplayAsync("server", Quickstart, "--url", Url(silo));

        Assert.Equal(await ReadAsync("inprocess/decisions.jsonl"), await ReadAsync("server/decisions.jsonl"));
        Assert.Equal(_folder.ReadJson("inprocess/campaigns.json").ToString(), _folder.ReadJson("server/campaigns.json").ToString());
        var campaign = _folder.ReadJson("server/campaigns.json")[0];
        var member = campaign.GetProperty("members")[0].GetProperty("account").GetString()!;
        var shown = await CommandLine.RunAsync("campaign", campaign.GetProperty("id").GetString()!, "--url", Url(silo), "--limit", "200");
        var account = await CommandLine.RunAsync("account", member, "--url", Url(silo));
        Assert.Equal((0, 0), (shown.Code, account.Code));
        Assert.All(["timeline", "founded", "activated", "evidence", member], part => Assert.Contains(part, shown.Output, StringComparison.Ordinal));
        Assert.Contains(campaign.GetProperty("id").GetString()!, account.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_IntoAServerOfItsOwn_CountsDuplicates()
    {
        await using var silo = await StartAsync();

        await ReplayAsync("server", _folder.Write("trace.jsonl"), "--url", Url(silo));

        var summary = _folder.ReadJson("server/summary.json");
        Assert.Equal(1, summary.GetProperty("duplicates").GetInt32());
        Assert.Equal(TraceFolder.Lines, summary.GetProperty("accepted").GetInt32());
        Assert.Equal(2, summary.GetProperty("verdicts").GetProperty("block").GetInt32());
    }

    private static string Quickstart => RepositoryFiles.Find("tests/data/quickstart.jsonl.gz");

    /// <summary>A silo whose epochs end when asked, with nothing in its store and the secret of embedded replays, so that ids are theirs.</summary>
    private Task<SiloProcess> StartAsync() => SiloProcess.StartAsync(
        Directory.CreateDirectory(_folder["silo"]).FullName,
        ("Epoch:Mode", "Manual"), ("Storage:Provider", "Memory"), ("Deadline", "00:00:30"), ("Keys:Current", Convert.ToBase64String(new byte[32])));

    private static string Url(SiloProcess silo) => silo.Http.BaseAddress!.ToString();

    private async Task<CommandResult> ReplayAsync(string name, string input, params string[] more)
    {
        var result = await CommandLine.RunAsync(["replay", "--input", input, "--out", _folder[name], "--epoch-length", EpochLength, .. more]);
        Assert.True(result.Code == 0, result.Error);
        return result;
    }

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(_folder[name], TestContext.Current.CancellationToken);
}
