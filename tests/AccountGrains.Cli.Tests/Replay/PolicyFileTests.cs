using System.Text.Json;
using AccountGrains.Cli.Replay;
using AccountGrains.Core.Policies;

namespace AccountGrains.Cli.Tests.Replay;

public sealed class PolicyFileTests : IDisposable
{
    private readonly TraceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_OfAnEmptyObject_GivesTheDefaults() => Assert.Equal(Policy.Default, PolicyFile.Read("{}"));

    [Fact]
    public void Read_OfSomeSettings_ChangesThoseAlone()
    {
        var policy = PolicyFile.Read("""{"throttleScore":5.5,"ActiveMembers":9,"refreshInterval":"01:00:00"}""");

        Assert.Equal(Policy.Default with { ThrottleScore = 5.5, ActiveMembers = 9, RefreshInterval = 3_600_000 }, policy);
    }

    [Theory]
    [InlineData("""{"throtleScore":5,"activeMember":3}""", "throtleScore, activeMember")]
    [InlineData("""{"activeMembers":0}""", "ActiveMembers")]
    [InlineData("""{"cardCover":1.5}""", "CardCover")]
    [InlineData("""{"challengeScore":6}""", "ThrottleScore must be above ChallengeScore")]
    [InlineData("""{"activeMembers":"many"}""", "activeMembers")]
    [InlineData("""{"mode":"shadow"}""", "mode")]
    [InlineData("""{"throttleScore":5,"throttleScore":6}""", "twice")]
    [InlineData("[]", "object")]
    [InlineData("{", "JSON")]
    public void Read_OfAWrongPolicy_NamesWhatIsWrong(string json, string named)
    {
        var failure = Assert.Throws<FormatException>(() => PolicyFile.Read(json));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_WithAWrongPolicy_EndsWithTwo()
    {
        await File.WriteAllTextAsync(_folder["policy.json"], """{"surprise":1}""", TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync("replay", "--input", _folder.Write("trace.jsonl"), "--engine", "inprocess", "--policy", _folder["policy.json"]);

        Assert.Equal(2, result.Code);
        Assert.Contains("surprise", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_WithAPolicyThatNobodyReaches_DecidesNothing()
    {
        await File.WriteAllTextAsync(_folder["policy.json"], """{"challengeScore":40,"throttleScore":50}""", TestContext.Current.CancellationToken);

        await CommandLine.RunAsync("replay", "--input", RepositoryFiles.Find("tests/data/quickstart.jsonl.gz"), "--engine", "inprocess", "--policy", _folder["policy.json"], "--out", _folder["out"]);

        Assert.Empty(File.ReadLines(_folder["out/decisions.jsonl"]));
    }

    [Fact]
    public async Task Replay_WithAPolicy_SaysWhomItHitsAndWhomItLetsGo()
    {
        await File.WriteAllTextAsync(_folder["policy.json"], """{"challengeScore":40,"throttleScore":50}""", TestContext.Current.CancellationToken);

        await CommandLine.RunAsync("replay", "--input", RepositoryFiles.Find("tests/data/quickstart.jsonl.gz"), "--engine", "inprocess", "--policy", _folder["policy.json"], "--out", _folder["out"]);

        var summary = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_folder["out/summary.json"], TestContext.Current.CancellationToken));
        var comparison = summary.GetProperty("comparison");
        var throttled = comparison.GetProperty("defaultVerdicts").GetProperty("throttle").GetInt32();
        var move = comparison.GetProperty("moves").EnumerateArray().Single(m => m.GetProperty("from").GetString() == "throttle");
        Assert.NotEqual(0, throttled);
        Assert.Equal(("allow", throttled), (move.GetProperty("to").GetString(), move.GetProperty("count").GetInt32()));
        Assert.Equal(Math.Min(100, throttled), move.GetProperty("accounts").GetArrayLength());
    }
}
