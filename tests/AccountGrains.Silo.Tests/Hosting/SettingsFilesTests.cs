using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Tests.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class SettingsFilesTests
{
    [Fact]
    public async Task Watch_OfAFileThatChanges_HasItReadAgain_AndKeepsTheOrderOfSources()
    {
        using var directory = new ScratchDirectory();
        var file = Path.Combine(directory.Path, "appsettings.json");
        await File.WriteAllTextAsync(file, """{"A":"1","B":"1"}""", TestContext.Current.CancellationToken);
        using var configuration = new ConfigurationManager();
        configuration.SetBasePath(directory.Path).AddJsonFile("appsettings.json", optional: true).AddInMemoryCollection([new("B", "2")]);
        SettingsFiles.Watch(configuration, directory.Path);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var changes = ChangeToken.OnChange(((IConfiguration)configuration).GetReloadToken, () => changed.TrySetResult());

        await File.WriteAllTextAsync(file, """{"A":"3","B":"3"}""", TestContext.Current.CancellationToken);

        await changed.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(("3", "2"), (configuration["A"], configuration["B"]));
    }
}
