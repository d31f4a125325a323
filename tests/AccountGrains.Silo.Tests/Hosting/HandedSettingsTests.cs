using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Persistence.AzureStorage;

namespace AccountGrains.Silo.Tests.Hosting;

/// <summary>What is set reaches what it is set for.</summary>
public sealed class HandedSettingsTests
{
    private const string Connection = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a;";

    [Theory]
    [InlineData("AzureTable")]
    [InlineData("AzureBlob")]
    public void AzureSettings_AreThePolicyOfTheStates(string provider)
    {
        using var host = Build(
            ("Storage:Provider", provider), ("Storage:ConnectionStrings:0", Connection), ("Storage:Azure:Retries", "7"), ("Storage:Azure:RetryPause", "00:00:00.300"),
            ("Storage:Azure:MaxRetryPause", "00:00:05"), ("Storage:Azure:TryTimeout", "00:00:04"), ("Storage:Azure:BreakerThroughput", "33"), ("Storage:Azure:BreakerPause", "00:00:06"));

        var policy = PolicyOf(host, provider);

        Assert.Equal((7, 300, 5), (policy.MaxOperationRetries, policy.PauseBetweenOperationRetries.TotalMilliseconds, policy.MaxPauseBetweenOperationRetries.TotalSeconds));
        Assert.Equal((4, 33, 6), (policy.OperationTimeout.TotalSeconds, policy.BreakerThroughput, policy.BreakerPause.TotalSeconds));
    }

    [Theory]
    [InlineData("AzureTable")]
    [InlineData("AzureBlob")]
    public void AzureSettings_ThatAreNotSet_AreTheProvidersOwn(string provider)
    {
        using var host = Build(("Storage:Provider", provider), ("Storage:ConnectionStrings:0", Connection));

        Assert.Equivalent(new AzureStoragePolicyOptions(), PolicyOf(host, provider), strict: true);
    }

    [Theory]
    [InlineData("00:00:03", 1)]
    [InlineData("01:00:00", 1_000_000)]
    [InlineData(null, 10_000)]
    public void RebalancingSettings_AreThoseOfTheRebalancer_AndOrleansTakesTheirBounds(string? cycle, int limit)
    {
        using var host = Build(cycle is null ? [] : [("Cluster:RebalanceCycle", cycle), ("Cluster:RebalanceLimit", $"{limit}")]);

#pragma warning disable ORLEANSEXP002
        var options = host.Services.GetRequiredService<IOptions<ActivationRebalancerOptions>>().Value;
#pragma warning restore ORLEANSEXP002

        Assert.Equal((cycle ?? "00:00:05", limit), ($"{options.SessionCyclePeriod}", options.ActivationMigrationCountLimit));
        var rules = host.Services.GetServices<IConfigurationValidator>().Where(v => v.GetType().Name.Contains("Rebalancer", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => rule.ValidateConfiguration());
    }

    private static AzureStoragePolicyOptions PolicyOf(IHost host, string provider) => provider == "AzureTable"
        ? host.Services.GetRequiredService<IOptionsMonitor<AzureTableStorageOptions>>().Get(StorageNames.AzureState).StoragePolicyOptions
        : host.Services.GetRequiredService<IOptionsMonitor<AzureBlobStorageOptions>>().Get(StorageNames.AzureState).StoragePolicyOptions;

    private static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"AccountGrains:{s.Key}", (string?)s.Value)));
        builder.UseOrleans(silo =>
        {
            var cluster = builder.Configuration.GetSection(Silo.Hosting.ClusterOptions.Section).Get<Silo.Hosting.ClusterOptions>() ?? new();
            silo.UseLocalhostClustering();
            silo.UseTrackerDirectory(cluster);
            silo.AddAccountGrainsStorage();
        });
        return builder.Build();
    }
}
