using System.Globalization;
using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;
using Orleans.Persistence.AzureStorage;

namespace AccountGrains.Storage.Azure.Tests.Clustering;

/// <summary>A cluster's membership in the emulator's own table; clusters are told apart by their ids, as in a shared account.</summary>
internal sealed class MembershipHost
{
    public const string TableName = "OrleansSiloInstances";

    private static int _generation = 100;

    private readonly string _connection;
    private readonly AzureStorageClusteringOptions _options = new();

    public MembershipHost(string connection, HttpPipelinePolicy? policy = null, string? clusterId = null)
    {
        _connection = connection;
        ClusterId = clusterId ?? $"c{Guid.NewGuid():N}";
        if (policy is not null)
        {
            _options.ClientOptions = new TableClientOptions { Retry = { MaxRetries = 0 } };
            _options.ClientOptions.AddPolicy(policy, global::Azure.Core.HttpPipelinePosition.PerCall);
        }

        _options.ConfigureTableServiceClient(connection);
        _options.StoragePolicyOptions.OperationTimeout = TimeSpan.FromSeconds(60);
        Table = new AzureMembershipTable(ClusterId, Rows(), NullLogger<AzureMembershipTable>.Instance);
        Gateways = new AzureGatewayList(ClusterId, Rows(), Options.Create(new GatewayOptions()), NullLogger<AzureGatewayList>.Instance);
    }

    public string ClusterId { get; }

    public AzureMembershipTable Table { get; }

    public AzureGatewayList Gateways { get; }

    /// <summary>The table, without the membership in between.</summary>
    public TableClient Client => new(_connection, TableName);

    public static async Task<MembershipHost> StartAsync(string connection, HttpPipelinePolicy? policy = null)
    {
        var host = new MembershipHost(connection, policy);
        await host.Table.InitializeMembershipTableAsync(true, TestContext.Current.CancellationToken);
        return host;
    }

    public static MembershipEntry Entry(SiloStatus status = SiloStatus.Active, string address = "127.0.0.1", int port = 0, int gateway = 30000)
    {
        var generation = Interlocked.Increment(ref _generation);
        var now = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse(address), port == 0 ? 10000 + generation : port, generation),
            HostName = "host",
            SiloName = string.Create(CultureInfo.InvariantCulture, $"silo-{generation}"),
            RoleName = "role",
            ProxyPort = gateway,
            Status = status,
            UpdateZone = 0,
            FaultZone = 0,
            StartTime = now,
            IAmAliveTime = now,
            SuspectTimes = [],
        };
    }

    /// <summary>The rows of the cluster as they are stored, by their keys.</summary>
    public async Task<Dictionary<string, TableEntity>> RowsAsync()
    {
        var rows = await Client.QueryAsync<TableEntity>(row => row.PartitionKey == ClusterId, cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        return rows.ToDictionary(row => row.RowKey, StringComparer.Ordinal);
    }

    private SiloTable Rows() => new(ClusterId, _options, new StoreMetrics(new Meters()), NullLogger.Instance);
}
