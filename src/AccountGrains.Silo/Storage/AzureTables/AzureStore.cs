using AccountGrains.Silo.AzureStorage;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>One or several Azure storage accounts; decisions and properties are in tables of the first.</summary>
internal sealed class AzureStore(IOptions<StorageOptions> options, IOptions<ClusterOptions> cluster) : IStore
{
    private const string DecisionTable = "AccountGrainsDecisions";
    private const string PropertyTable = "AccountGrainsProperties";
    private readonly AzureAccounts _accounts = new(options.Value.Storage.ConnectionStrings);

    /// <inheritdoc/>
    public string Where => $"Azure Storage {string.Join(' ', Enumerable.Range(0, _accounts.Count).Select(i => _accounts.Tables(i).AccountName))}";

    /// <summary>The accounts.</summary>
    public AzureAccounts Accounts => _accounts;

    /// <summary>The partition of the service whose rows these are.</summary>
    public string Service => cluster.Value.ServiceId;

    /// <summary>The table of the decisions.</summary>
    public TableClient Decisions { get => field ??= _accounts.Tables(0).GetTableClient(DecisionTable); }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await Decisions.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
        for (var shard = 0; shard < _accounts.Count; shard++)
        {
            await _accounts.Tables(shard).GetTableClient(PropertyTable).CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public IStoreProperties PropertiesOf(int shard) => new AzureStoreProperties(_accounts.Tables(shard).GetTableClient(PropertyTable), Service);
}
