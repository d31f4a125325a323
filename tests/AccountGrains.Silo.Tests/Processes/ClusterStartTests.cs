using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance.Emulator;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Silos that find each other through a server, and those that must not start there.</summary>
public abstract class ClusterStartTests(string provider, string storage, string connection)
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODw==";
    private const string OtherKey = "EBECAwQFBgcICQoLDA0ODw==";
    private readonly string _service = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Start_OfTwo_MakesOneCluster_AndOneWithAnotherKeyOrNoneOrOtherShardsIsRefused()
    {
        using var directory = new ScratchDirectory();
        await using var first = await StartAsync(directory, Key);
        await using var second = await StartAsync(directory, Key);

        for (var i = 0; i < 20; i++) await first.ObserveAsync(new { type = "request", account = $"acct-{i}" }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 20; i++) Assert.Equal($"acct-{i}", (await second.GetJsonAsync($"/v1/accounts/acct-{i}")).GetProperty("account").GetString());

        Assert.Contains("The store was made with another secret", await RefusedAsync(directory, OtherKey), StringComparison.Ordinal);
        Assert.Contains("AccountGrains:Keys:Current must be set", await RefusedAsync(directory, ""), StringComparison.Ordinal);
        Assert.Contains("was made as store 1 of 1", await RefusedAsync(directory, Key, ("Storage:ConnectionStrings:1", Second())), StringComparison.Ordinal);
        Assert.Equal(0, await second.TerminateAsync());
        Assert.Equal(0, await first.TerminateAsync());
        await using var again = await StartAsync(directory, Key);
        for (var i = 0; i < 20; i++) Assert.Equal($"acct-{i}", (await again.GetJsonAsync($"/v1/accounts/acct-{i}")).GetProperty("account").GetString());
    }

    /// <summary>Another server, or another spelling of the same.</summary>
    private protected abstract string Second();

    private async Task<string> RefusedAsync(ScratchDirectory directory, string key, params (string Key, string Value)[] settings)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(directory, key, settings));
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    private Task<SiloProcess> StartAsync(ScratchDirectory directory, string key, params (string Key, string Value)[] settings) => SiloProcess.StartAsync(directory.Path,
    [
        ("Cluster:Provider", provider), ("Cluster:ServiceId", _service), ("Cluster:ClusterId", _service), ("Storage:Provider", storage), ("Storage:ConnectionStrings:0", connection),
        ("Keys:Current", key), ("Deadline", "00:00:10"), .. settings,
    ]);
}

/// <summary>Through Redis.</summary>
public sealed class RedisClusterStartTests(RedisServer server) : ClusterStartTests("Redis", "Redis", server.ConnectionString), IClassFixture<RedisServer>
{
    private protected override string Second() => $"{server.ConnectionString},defaultDatabase=1";
}

/// <summary>Through PostgreSQL.</summary>
public sealed class PostgresClusterStartTests(PostgresServer server) : ClusterStartTests("Postgres", "Postgres", server.ConnectionString), IClassFixture<PostgresServer>
{
    private protected override string Second() => $"{server.ConnectionString};Application Name=second";
}

/// <summary>Through Azure tables.</summary>
public sealed class AzureTableClusterStartTests(Azurite azurite) : ClusterStartTests("AzureTable", "AzureTable", azurite.ConnectionString)
{
    private protected override string Second() => azurite.ConnectionStrings[1];
}

/// <summary>Through Azure tables, with the states in blobs.</summary>
public sealed class AzureBlobClusterStartTests(Azurite azurite) : ClusterStartTests("AzureTable", "AzureBlob", azurite.ConnectionString)
{
    private protected override string Second() => azurite.ConnectionStrings[1];
}
