using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Of_WhoAsksForHelp_SaysHowToStartIt(string argument)
    {
        var text = Usage.Of(["--urls", "http://localhost:9090", argument]);

        Assert.Contains("Usage: AccountGrains.Silo", text, StringComparison.Ordinal);
        Assert.Contains("http://localhost:8080", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WhoAsksForHelp_NamesEveryProvider()
    {
        var text = Usage.Of(["--help"])!;

        Assert.All(Enum.GetNames<StorageProvider>().Concat(Enum.GetNames<ClusterProvider>()), name => Assert.Contains(name, text, StringComparison.Ordinal));
        Assert.Contains("Cluster:Provider", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WhoAsksForTheVersion_SaysIt() => Assert.Matches(@"^\d+\.\d+\.\d+$", Usage.Of(["--version"]));

    [Fact]
    public void Of_WhoStartsIt_SaysNothing() => Assert.Null(Usage.Of(["--urls", "http://localhost:9090", "--AccountGrains:Mode=shadow"]));
}
