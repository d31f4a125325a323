using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Tests.Http;
using Microsoft.Extensions.Configuration;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class StartFailureTests
{
    [Theory]
    [InlineData("Epoch:Mode", "Foo", "AccountGrains:Epoch:Mode is 'Foo'; it must be Live or Manual.")]
    [InlineData("Deadline", "soon", "AccountGrains:Deadline is 'soon'; it must be a time such as 00:00:05 or 90.00:00:00.")]
    [InlineData("Storage:FullSync", "perhaps", "AccountGrains:Storage:FullSync is 'perhaps'; it must be true or false.")]
    [InlineData("Retention", "00:01:00", "AccountGrains:Retention must be between 1.00:00:00 and 3650.00:00:00.")]
    public async Task Explain_OfAWrongValue_NamesTheKeyAndWhatItMayBe(string key, string value, string expected)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => HttpSilo.StartAsync((key, value)));

        Assert.Equal(expected, StartFailure.Explain(failure));
    }

    [Fact]
    public void Explain_OfASettingsFileThatIsNoJson_NamesFileAndPlace()
    {
        var file = Path.Combine(Path.GetTempPath(), $"accountgrains-{Guid.NewGuid():N}.json");
        File.WriteAllText(file, "{ \"AccountGrains\": { \"Mode\": shadow } }");

        var failure = Assert.Throws<InvalidDataException>(() => new ConfigurationBuilder().AddJsonFile(file).Build());

        File.Delete(file);
        Assert.Contains(file, StartFailure.Explain(failure), StringComparison.Ordinal);
        Assert.Contains("LineNumber: 0", StartFailure.Explain(failure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OverADirectoryThatAnotherSiloHas_IsRefused()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"accountgrains-{Guid.NewGuid():N}");
        await using (await HttpSilo.StartAsync(("Storage:Provider", "Sqlite"), ("DataDirectory", directory)))
        {
            var failure = await Assert.ThrowsAsync<StartRefusedException>(() => HttpSilo.StartAsync(("Storage:Provider", "Sqlite"), ("DataDirectory", directory)));

            Assert.Contains("Another silo keeps its state in", failure.Message, StringComparison.Ordinal);
        }

        await using (await HttpSilo.StartAsync(("Storage:Provider", "Sqlite"), ("DataDirectory", directory)))
        {
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Start_OverAFileThatIsNoStore_SaysSo()
    {
        var directory = Directory.CreateTempSubdirectory("accountgrains-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "accountgrains.db"), new string('x', 8192), TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<StartRefusedException>(() => HttpSilo.StartAsync(("Storage:Provider", "Sqlite"), ("DataDirectory", directory)));

        Directory.Delete(directory, recursive: true);
        Assert.Contains("The file is damaged, or was never a store", failure.Message, StringComparison.Ordinal);
    }
}
