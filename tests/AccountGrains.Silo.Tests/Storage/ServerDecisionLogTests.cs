using AccountGrains.Silo.Tests.Servers;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The log in Redis.</summary>
public sealed class RedisDecisionLogTests(RedisServer server) : DecisionLogConformance(ServerHosts.Host("Redis", server)), IClassFixture<RedisServer>;

/// <summary>The log in PostgreSQL.</summary>
public sealed class PostgresDecisionLogTests(PostgresServer server) : DecisionLogConformance(ServerHosts.Host("Postgres", server)), IClassFixture<PostgresServer>;

/// <summary>Storage over a server.</summary>
internal static class ServerHosts
{
    /// <summary>With a service of its own, so that tests share the server and nothing else.</summary>
    public static StorageHost Host(string provider, ServerProcess server) =>
        new(provider, ("Storage:ConnectionStrings:0", server.ConnectionString), ("Cluster:ServiceId", Guid.NewGuid().ToString("N")));
}
