using AccountGrains.Silo.Storage.AzureTables;
using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The log in Redis.</summary>
public sealed class RedisDecisionLogTests(RedisServer server) : DecisionLogConformance(ServerHosts.Host("Redis", server)), IClassFixture<RedisServer>;

/// <summary>The log in PostgreSQL.</summary>
public sealed class PostgresDecisionLogTests(PostgresServer server) : DecisionLogConformance(ServerHosts.Host("Postgres", server)), IClassFixture<PostgresServer>;

/// <summary>The log in Azure tables.</summary>
public sealed class AzureDecisionLogTests(Azurite azurite) : DecisionLogConformance(ServerHosts.Host("AzureTable", azurite.ConnectionString))
{
    [Fact]
    public async Task Append_OfADecisionThatIsThere_WhenTheAccountsLastOneWasForgotten_EndsAndAddsItOnce()
    {
        var service = Guid.NewGuid().ToString("N");
        await using var host = new StorageHost("AzureTable", ("Storage:ConnectionStrings:0", azurite.ConnectionString), ("Cluster:ServiceId", service));
        await host.Server.OpenAsync(Stop);
        await host.Decisions.AppendAsync([Of(1, 1)], Stop);
        var latest = DecisionRows.OfLatest(Account(1));
        await new TableClient(azurite.ConnectionString, "AccountGrainsDecisions").DeleteEntityAsync(service, latest, cancellationToken: Stop);

        await host.Decisions.AppendAsync([Of(1, 1), Of(1, 2)], Stop);

        Assert.Equal(["1:1", "1:2"], (await host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
    }
}

/// <summary>Storage over a server.</summary>
internal static class ServerHosts
{
    /// <summary>With a service of its own, so that tests share the server and nothing else.</summary>
    public static StorageHost Host(string provider, ServerProcess server) => Host(provider, server.ConnectionString);

    /// <summary>The same, by connection string.</summary>
    public static StorageHost Host(string provider, string connection) =>
        new(provider, ("Storage:ConnectionStrings:0", connection), ("Cluster:ServiceId", Guid.NewGuid().ToString("N")));
}
