using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AccountGrains.Silo.Storage;

/// <summary>Forgets what is in the embedded store. The records of one grain go together, when the last of them is due.</summary>
internal sealed class SqliteRetention(SqliteStore store, IOptions<ClusterOptions> cluster) : IRetention
{
    private const string States = """
        DELETE FROM grain_state WHERE id IN (
            SELECT id FROM grain_state AS s WHERE day < $1 AND grain_type IN ('account', 'fingerprint', 'campaign')
            AND NOT EXISTS (
                SELECT 1 FROM grain_state WHERE service_id = s.service_id AND grain_type = s.grain_type AND grain_key = s.grain_key AND day >= $1)
            LIMIT $2)
        """;
    private const string Quarantined = "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine WHERE at < $1 LIMIT $2)";
    private const string Decisions = """
        DELETE FROM decisions WHERE seq IN (
            SELECT seq FROM decisions AS d WHERE day < $1
            AND (number < (SELECT MAX(number) FROM decisions WHERE account = d.account)
                OR NOT EXISTS (SELECT 1 FROM grain_state WHERE service_id = $3 AND grain_type = 'account' AND grain_key = d.account))
            LIMIT $2)
        """;

    /// <inheritdoc/>
    public ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => Forgetting.InPortionsAsync(async portion =>
        await store.WriteAsync(Forget, (StoreDay.Of(before), portion, cluster.Value.ServiceId), portion, cancellationToken).ConfigureAwait(false));

    // Accounts first: with them goes what keeps their last decisions.
    private static int Forget(SqliteSession session, (int Day, int Limit, string Service) of) => Math.Max(
        Math.Max(session.Execute(States, of.Day, of.Limit), session.Execute(Decisions, of.Day, of.Limit, of.Service)),
        session.Execute(Quarantined, of.Day * 86_400_000L, of.Limit));
}
