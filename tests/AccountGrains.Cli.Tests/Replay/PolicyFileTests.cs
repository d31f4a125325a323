using System.Reflection;
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
        var policy = PolicyFile.Read("""{"mode":"shadow","throttleScore":5.5,"activeMembers":9}""");

        Assert.Equal(Policy.Default with { Mode = EnforcementMode.Shadow, ThrottleScore = 5.5, ActiveMembers = 9 }, policy);
    }

    [Theory]
    [InlineData("""{"throtleScore":5,"activeMember":3}""", "throtleScore, activeMember")]
    [InlineData("""{"activeMembers":1}""", "activeMembers must be 2 to 25000")]
    [InlineData("""{"cardCover":1.5,"commonShare":-1}""", "cardCover must be 0 to 1; commonShare must be 0 to 1")]
    [InlineData("""{"challengeScore":6}""", "throttleScore must not be below challengeScore")]
    [InlineData("""{"activeMembers":"many"}""", "activeMembers")]
    [InlineData("""{"mode":"panic"}""", "mode")]
    [InlineData("""{"mode":"shadow","mode":"enforce"}""", "twice")]
    [InlineData("[]", "object")]
    [InlineData("{", "JSON")]
    public void Read_OfAWrongPolicy_NamesWhatIsWrong(string json, string named)
    {
        var failure = Assert.Throws<FormatException>(() => PolicyFile.Read(json));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_OfThePolicy_AreThereForEveryNumber()
    {
        var numbers = typeof(Policy).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && !p.PropertyType.IsEnum)
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

        Assert.Equal(numbers.Order(), PolicyRules.Ranges.Select(r => r.Name).Order());
        Assert.Empty(PolicyRules.Broken(Policy.Default));
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
    public async Task Replay_WithAPolicy_DecidesByIt()
    {
        await File.WriteAllTextAsync(_folder["policy.json"], """{"version":7}""", TestContext.Current.CancellationToken);

        await CommandLine.RunAsync("replay", "--input", _folder.Write("trace.jsonl"), "--engine", "inprocess", "--policy", _folder["policy.json"], "--out", _folder["out"]);

        Assert.All(File.ReadLines(_folder["out/decisions.jsonl"]), line => Assert.Contains("\"policy\":7", line, StringComparison.Ordinal));
    }
}
