using AccountGrains.Silo.Tests.Servers;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Silos that find each other through a server, and those that must not start there.</summary>
public abstract class ClusterStartTests(string provider, ServerProcess server)
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

    /// <summary>Another spelling of the same server.</summary>
    private protected abstract string Second();

    private async Task<string> RefusedAsync(ScratchDirectory directory, string key, params (string Key, string Value)[] settings)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(directory, key, settings));
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    private Task<SiloProcess> StartAsync(ScratchDirectory directory, string key, params (string Key, string Value)[] settings) => SiloProcess.StartAsync(directory.Path,
    [
        ("Cluster:Provider", provider), ("Cluster:ServiceId", _service), ("Cluster:ClusterId", _service), ("Storage:Provider", provider), ("Storage:ConnectionStrings:0", server.ConnectionString),
        ("Keys:Current", key), ("Deadline", "00:00:10"), .. settings,
    ]);
}

/// <summary>Through Redis.</summary>
public sealed class RedisClusterStartTests(RedisServer server) : ClusterStartTests("Redis", server), IClassFixture<RedisServer>
{
    private protected override string Second() => $"{server.ConnectionString},defaultDatabase=1";
}

/// <summary>Through PostgreSQL.</summary>
public sealed class PostgresClusterStartTests(PostgresServer server) : ClusterStartTests("Postgres", server), IClassFixture<PostgresServer>
{
    private protected override string Second() => $"{server.ConnectionString};Application Name=second";
}
