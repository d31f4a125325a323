namespace AccountGrains.Cli.Tests;

public sealed class WrongUseTests
{
    [Theory]
    [InlineData()]
    [InlineData("dance")]
    [InlineData("replay")]
    [InlineData("replay", "--input", "x", "--engine", "steam")]
    [InlineData("replay", "--input", "x", "--epoch-length", "5x")]
    [InlineData("replay", "--input", "x", "--epoch-length", "0s")]
    [InlineData("replay", "--input", "x", "--url", "http://localhost:1", "--engine", "inprocess")]
    [InlineData("replay", "--input", "x", "--url", "http://localhost:1", "--policy", "p.json")]
    [InlineData("replay", "--input", "x", "--url", "nowhere")]
    [InlineData("account")]
    [InlineData("fingerprint", "colour", "red")]
    [InlineData("campaigns", "--limit", "201")]
    [InlineData("campaigns", "--limit", "many")]
    [InlineData("campaigns", "--min-score", "2")]
    [InlineData("campaigns", "--status", "famous")]
    public async Task Run_CalledWrongly_SaysSoAndEndsWithTwo(params string[] args)
    {
        var result = await CommandLine.RunAsync(args);

        Assert.Equal(2, result.Code);
        Assert.NotEmpty(result.Error.Trim());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("replay", "--help")]
    [InlineData("account", "--help")]
    [InlineData("fingerprint", "--help")]
    [InlineData("campaigns", "--help")]
    [InlineData("campaign", "--help")]
    public async Task Run_AskedForHelp_ShowsItAndEndsWithZero(params string[] args)
    {
        var result = await CommandLine.RunAsync(args);

        Assert.Equal(0, result.Code);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }
}
