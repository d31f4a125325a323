using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Orleans.Clustering.AzureStorage;

/// <summary>Who belongs to the cluster, in an Azure table, in the official provider's format: a row for each silo, and rows with the table's version.</summary>
internal sealed class AzureMembershipTable(string clusterId, SiloTable table, ILogger<AzureMembershipTable> logger) : IMembershipTable
{
    private const int MostReads = 5;

    /// <inheritdoc/>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        await table.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!tryInitTableVersion) return;
        var (rows, _) = await table.QueryAsync(Filter($"RowKey eq '{VersionRows.Version}'"), cancellationToken).ConfigureAwait(false);
        if (rows.Count > 0) return;

        List<TableTransactionAction> first = [Add(VersionRows.Write(clusterId, 0))];
        first.AddRange(VersionRows.WriteBoundaries(clusterId, 0).Select(Add));
        if (await table.TryChangeAsync(first, cancellationToken).ConfigureAwait(false)) Log.Created(logger, clusterId);
    }

    /// <inheritdoc/>
    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken)
    {
        var (rows, _) = await table.QueryAsync(TableClient.CreateQueryFilter($"PartitionKey eq {clusterId}"), cancellationToken).ConfigureAwait(false);
        await table.DeleteAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        var (rows, _) = await table.QueryAsync(Filter(null), cancellationToken).ConfigureAwait(false);
        var defunct = rows.Where(row => !VersionRows.Contains(row.RowKey) && row.GetString(SiloRow.Status) != nameof(SiloStatus.Active) && row.Timestamp < beforeDate);
        await table.DeleteAsync([.. defunct], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {clusterId} and (RowKey eq {SiloRow.KeyOf(key)} or RowKey eq {VersionRows.Version})");
        var (rows, _) = await table.QueryAsync(filter, cancellationToken).ConfigureAwait(false);
        return Read(rows);
    }

    /// <inheritdoc/>
    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        for (var read = 1; read <= MostReads; read++)
        {
            var (rows, pages) = await table.QueryAsync(Filter(null), cancellationToken).ConfigureAwait(false);
            if (pages == 1 || VersionRows.AreOfOneVersion(rows)) return Read(rows);
            Log.Torn(logger, clusterId, pages, read);
        }

        throw new InconsistentStateException($"The membership table of cluster {clusterId} changed while it was read, {MostReads} times in a row.");
    }

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        table.TryChangeAsync([Add(SiloRow.Write(clusterId, entry)), .. Advance(tableVersion)], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        table.TryChangeAsync([Replace(SiloRow.Write(clusterId, entry), etag), .. Advance(tableVersion)], cancellationToken);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) =>
        table.MergeAsync(SiloRow.WriteAlive(clusterId, entry), cancellationToken);

#pragma warning disable CS0618 // Orleans calls the methods above, and has these in its interface still.
    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);
#pragma warning restore CS0618

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private static TableTransactionAction Replace(TableEntity row, string etag) => new(TableTransactionActionType.UpdateReplace, row, new ETag(etag));

    private IEnumerable<TableTransactionAction> Advance(TableVersion version) =>
    [
        Replace(VersionRows.Write(clusterId, version.Version), version.VersionEtag),
        .. VersionRows.WriteBoundaries(clusterId, version.Version).Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)),
    ];

    private string Filter(string? more)
    {
        var partition = TableClient.CreateQueryFilter($"PartitionKey eq {clusterId}");
        return more is null ? partition : string.Create(CultureInfo.InvariantCulture, $"{partition} and {more}");
    }

    private MembershipTableData Read(List<TableEntity> rows)
    {
        var guard = rows.Find(row => row.RowKey == VersionRows.Version) ?? throw new KeyNotFoundException($"The membership table has no version of cluster {clusterId}.");
        var silos = new List<Tuple<MembershipEntry, string>>(rows.Count);
        foreach (var row in rows)
        {
            if (VersionRows.Contains(row.RowKey)) continue;
            try
            {
                silos.Add(Tuple.Create(SiloRow.Read(row), row.ETag.ToString()));
            }
            catch (FormatException e)
            {
                // One silo's damaged row must not keep the others from finding each other.
                Log.Unreadable(logger, clusterId, row.RowKey, e);
            }
        }

        return new MembershipTableData(silos, new TableVersion(VersionRows.Read(guard), guard.ETag.ToString()));
    }
}
