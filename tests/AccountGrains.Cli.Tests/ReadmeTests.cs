using System.Text.Json;
using AccountGrains.Cli.Replay;
using AccountGrains.Cli.Tests.Replay;

namespace AccountGrains.Cli.Tests;

/// <summary>What the README says holds.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task ConfigurationExample_OfTheReadme_HasAPolicyThatCanBeRead()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFiles.Find("README.md"), TestContext.Current.CancellationToken);
        var example = readme.Split("```json\n")[1].Split("```")[0];

        var policy = JsonSerializer.Deserialize<JsonElement>(example).GetProperty("AccountGrains").GetProperty("Policy");

        Assert.True(PolicyFile.Read(policy.GetRawText()).ActiveMembers > 0);
    }

    [Fact]
    public async Task Quickstart_Replayed_EndsAtOneActiveCampaign()
    {
        using var folder = new TraceFolder();

        var result = await CommandLine.RunAsync("replay", "--input", RepositoryFiles.Find("tests/data/quickstart.jsonl.gz"), "--engine", "inprocess", "--out", folder["out"]);

        Assert.Equal(0, result.Code);
        var campaign = Assert.Single(folder.ReadJson("out/campaigns.json").EnumerateArray(), c => c.GetProperty("status").GetString() == "active");
        Assert.InRange(campaign.GetProperty("members").GetArrayLength(), 38, 42);
        Assert.Contains(campaign.GetProperty("id").GetString()!, result.Output, StringComparison.Ordinal);
    }
}
