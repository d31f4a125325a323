using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What the configuration chooses, and what it refuses.</summary>
public sealed class StorageRegistrationTests
{
    [Fact]
    public async Task Registration_TwiceInOneContainer_GivesOneOfEach()
    {
        await using var host = new StorageHost("Sqlite");

        Assert.Single(host.Services.GetServices<IDecisionLog>());
        Assert.Single(host.Services.GetKeyedServices<IGrainStorage>(StorageNames.State));
        Assert.IsType<SqliteDecisionLog>(host.Decisions);
    }

    [Theory]
    [InlineData("Memory")]
    [InlineData("memory")]
    public async Task Memory_MakesNoFile(string provider)
    {
        await using var host = new StorageHost(provider);

        await host.Storage.WriteStateAsync("s", Sample.Grain(), Sample.New("x"));

        Assert.IsType<VolatileDecisionLog>(host.Decisions);
        Assert.False(File.Exists(host.DatabaseFile));
    }

    [Theory]
    [InlineData("Storage:Provider", "Redis", "AccountGrains:Storage:ConnectionStrings:0 must be set")]
    [InlineData("Storage:ConnectionStrings:0", "127.0.0.1:6379", "AccountGrains:Storage:ConnectionStrings is set")]
    [InlineData("Storage:Provider", "Sqlit", "AccountGrains:Storage:Provider")]
    [InlineData("Storage:Provider", "", "AccountGrains:Storage:Provider")]
    [InlineData("Storage:QueueLimit", "0", "Storage.QueueLimit")]
    [InlineData("Storage:VolatileDecisions", "-1", "Storage.VolatileDecisions")]
    [InlineData("DataDirectory", "", "AccountGrains:DataDirectory")]
    public async Task WrongValue_StopsTheStart_AndNamesTheKey(string key, string value, string named)
    {
        using var host = Build(($"AccountGrains:{key}", value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        if (named == "AccountGrains:Storage:Provider") Assert.Contains("Sqlite, Memory, AzureTable, AzureBlob, Redis and Postgres", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grain_InASiloThatStartsAgain_HasItsState()
    {
        var stop = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("accountgrains-");
        for (var run = 1; run <= 2; run++)
        {
            using var host = Build(("AccountGrains:DataDirectory", directory.FullName));
            await host.StartAsync(stop);
            Assert.Equal(run, await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRunsGrain>("a").CountAsync());
            await host.StopAsync(stop);
        }

        Assert.Equal("accountgrains.db", Assert.Single(directory.GetFiles()).Name);
        directory.Delete(recursive: true);
    }

    private static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePorts.Take(), FreePorts.Take()).AddAccountGrainsStorage());
        return builder.Build();
    }
}
