using System.Globalization;
using AccountGrains.Silo.Hosting;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ClusterOptions = Orleans.Configuration.ClusterOptions;

namespace AccountGrains.Silo.AzureStorage;

/// <summary>
/// Keeps a silo away from accounts that were listed in another number or order when states were written: it would find none of the states that moved. Each
/// account holds a row with its place and the number of all.
/// </summary>
internal sealed class ShardPlaces(AzureAccounts accounts, string storage, Func<int, CancellationToken, Task<bool>> hasStates, IOptions<ClusterOptions> cluster)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The table of the rows.</summary>
    public const string Table = "AccountGrainsShards";

    private const string Place = "Place";
    private const string Count = "Count";

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(ShardPlaces), ServiceLifecycleStage.RuntimeStorageServices, CheckAsync);

    /// <summary>Refuses the start when the accounts are not those that they were; notes them when they are new.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var tables = Enumerable.Range(0, accounts.Count).Select(shard => accounts.Tables(shard).GetTableClient(Table)).ToArray();
        foreach (var table in tables) await table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
        var isNew = await FindAsync(tables[0], cancellationToken).ConfigureAwait(false) is null;

        // The first account's row is written last: where it is, all are.
        for (var shard = accounts.Count - 1; shard >= 0; shard--)
        {
            var row = await FindAsync(tables[shard], cancellationToken).ConfigureAwait(false);
            if (row is null && !isNew) throw Refused(shard, "is not one of them");
            row ??= await AddAsync(tables[shard], shard, cancellationToken).ConfigureAwait(false);
            var (place, count) = ((int)row[Place], (int)row[Count]);
            if (place != shard || count != accounts.Count) throw Refused(shard, $"was account {place + 1} of {count}");
        }
    }

    private async Task<TableEntity?> FindAsync(TableClient table, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(cluster.Value.ServiceId, storage, cancellationToken: cancellationToken).ConfigureAwait(false);
        return found.HasValue ? found.Value : null;
    }

    private async Task<TableEntity> AddAsync(TableClient table, int shard, CancellationToken cancellationToken)
    {
        // States that were written before there was a row were written by a build, or a provider, that knew one account only.
        if (accounts.Count > 1 && await hasStates(shard, cancellationToken).ConfigureAwait(false)) throw Refused(shard, "holds states already, from when it was the only one");
        var row = new TableEntity(cluster.Value.ServiceId, storage) { [Place] = shard, [Count] = accounts.Count };
        try
        {
            await table.AddEntityAsync(row, cancellationToken).ConfigureAwait(false);
            return row;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return await FindAsync(table, cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException($"The table {Table} changes while it is read.", e);
        }
    }

    private StartRefusedException Refused(int shard, string was) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The storage accounts are not those that the states of service '{cluster.Value.ServiceId}' were written to: account {shard + 1} of {accounts.Count} {was}. "
        + $"List in {TrackerOptions.Section}:Storage:ConnectionStrings the accounts as they were, in their order; states are not moved between accounts."));
}
