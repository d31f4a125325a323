using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance.Emulator;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The log in Redis.</summary>
public sealed class RedisDecisionLogTests(RedisServer server) : DecisionLogConformance(ServerHosts.Host("Redis", server)), IClassFixture<RedisServer>;

/// <summary>The log in PostgreSQL.</summary>
public sealed class PostgresDecisionLogTests(PostgresServer server) : DecisionLogConformance(ServerHosts.Host("Postgres", server)), IClassFixture<PostgresServer>;

/// <summary>The log in Azure tables.</summary>
public sealed class AzureDecisionLogTests(Azurite azurite) : DecisionLogConformance(ServerHosts.Host("AzureTable", azurite.ConnectionString));

/// <summary>Storage over a server.</summary>
internal static class ServerHosts
{
    /// <summary>With a service of its own, so that tests share the server and nothing else.</summary>
    public static StorageHost Host(string provider, ServerProcess server) => Host(provider, server.ConnectionString);

    /// <summary>The same, by connection string.</summary>
    public static StorageHost Host(string provider, string connection) =>
        new(provider, ("Storage:ConnectionStrings:0", connection), ("Cluster:ServiceId", Guid.NewGuid().ToString("N")));
}
