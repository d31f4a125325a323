using System.Diagnostics;
using System.Text.Json;

namespace AccountGrains.Storage.Azure.Tests.Hosting;

/// <summary>One property of the build takes the official packages in this provider's place.</summary>
public sealed class OfficialPackagesTests
{
    private static readonly string[] Official = ["Microsoft.Orleans.Clustering.AzureStorage", "Microsoft.Orleans.Persistence.AzureStorage"];

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public async Task Silo_ReferencesEitherTheOfficialPackages_OrThisProvider(string value, bool isOfficial)
    {
        var items = await EvaluateAsync(value);

        var packages = Names(items, "PackageReference").Where(name => name.EndsWith(".AzureStorage", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var projects = Names(items, "ProjectReference").Where(name => name.EndsWith("AccountGrains.Storage.Azure.csproj", StringComparison.Ordinal));
        Assert.Equal(isOfficial ? Official : [], packages);
        Assert.Equal(isOfficial ? 0 : 1, projects.Count());
    }

    private static IEnumerable<string> Names(JsonElement items, string kind) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!);

    private static async Task<JsonElement> EvaluateAsync(string value)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "AccountGrains.sln"))) root = root.Parent!;
        var start = new ProcessStartInfo(
            "dotnet",
            ["msbuild", "src/AccountGrains.Silo/AccountGrains.Silo.csproj", "-getItem:PackageReference", "-getItem:ProjectReference", $"-p:UseOfficialAzureStorage={value}"])
        {
            WorkingDirectory = root.FullName,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<JsonElement>(output).GetProperty("Items");
    }
}
