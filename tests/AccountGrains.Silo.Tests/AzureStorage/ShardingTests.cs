using AccountGrains.Silo.AzureStorage;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;

namespace AccountGrains.Silo.Tests.AzureStorage;

/// <summary>Tables of three accounts are one grain storage like any other.</summary>
public sealed class ShardedTableConformanceTests(Azurite azurite)
    : GrainStorageConformance(new ShardedHost(azurite.ConnectionStrings, ShardingTests.AddTables($"t{Guid.NewGuid():N}")), deleteOnClear: true);

/// <summary>Containers of three accounts are one grain storage like any other.</summary>
public sealed class ShardedBlobConformanceTests(Azurite azurite)
    : GrainStorageConformance(new ShardedHost(azurite.ConnectionStrings, ShardingTests.AddBlobs($"c{Guid.NewGuid():N}")), deleteOnClear: true);

/// <summary>Which account has what, and what becomes of a change of the accounts.</summary>
public sealed class ShardingTests(Azurite azurite)
{
    private readonly string _name = $"t{Guid.NewGuid():N}";
    private readonly string _service = $"svc{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task States_AreInTheAccount_ThatTheGrainsHashNames()
    {
        await using var host = await StartAsync(azurite.ConnectionStrings);
        var grains = Enumerable.Range(0, 60).Select(_ => Sample.Grain()).ToArray();

        foreach (var grain in grains) await host.Storage.WriteStateAsync("s", grain, Sample.New("x"), Stop);

        for (var shard = 0; shard < 3; shard++)
        {
            var rows = await host.Accounts.Tables(shard).GetTableClient(_name).QueryAsync<TableEntity>(cancellationToken: Stop).ToListAsync(Stop);
            var expected = grains.Where(g => g.GetUniformHashCode() % 3 == shard).Select(g => $"{_service}_account_{g.Key}");
            Assert.NotEmpty(rows);
            Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Select(r => r.PartitionKey).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task OneAccount_HasTheOfficialLayout()
    {
        await using var host = await StartAsync(azurite.ConnectionStrings.Take(1));

        await host.Storage.WriteStateAsync("s", Sample.Grain("a1b2"), Sample.New("x"), Stop);

        var row = Assert.Single(await host.Accounts.Tables(0).GetTableClient(_name).QueryAsync<TableEntity>(cancellationToken: Stop).ToListAsync(Stop));
        Assert.Equal(($"{_service}_account_a1b2", "s"), (row.PartitionKey, row.RowKey));
        Assert.Equal(["Data", "PartitionKey", "RowKey", "Timestamp", "odata.etag"], row.Keys.Order(StringComparer.Ordinal));
        Assert.IsType<Orleans.Storage.AzureTableGrainStorage>(host.Storage);
    }

    [Theory]
    [InlineData("0 1 2", "0 1", "account 2 of 2 was account 2 of 3")]
    [InlineData("0 1 2", "0", "account 1 of 1 was account 1 of 3")]
    [InlineData("0", "0 1", "account 2 of 2 is not one of them")]
    [InlineData("0", "1 0", "account 2 of 2 was account 1 of 1")]
    [InlineData("0 1", "1 0", "account 2 of 2 was account 1 of 2")]
    [InlineData("0 1", "0 2", "account 2 of 2 is not one of them")]
    [InlineData("0 1", "0 1", "")]
    public async Task ChangedAccounts_StopTheStart(string before, string after, string refusal)
    {
        await (await StartAsync(Pick(before))).DisposeAsync();

        if (refusal.Length == 0)
        {
            await (await StartAsync(Pick(after))).DisposeAsync();
            return;
        }

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(Pick(after)));
        Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
        Assert.Contains("AccountGrains:Storage:ConnectionStrings", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, StartFailure.Explain(refused));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AccountsBesideOne_ThatWasUsedWithoutSharding_StopTheStart(bool isTable)
    {
        await using (var host = await StartAsync(azurite.ConnectionStrings.Take(1), isTable))
        {
            await host.Storage.WriteStateAsync("s", Sample.Grain(), Sample.New("x"), Stop);
            await host.Accounts.Tables(0).GetTableClient(ShardPlaces.Table).DeleteEntityAsync(_service, StorageNames.State, cancellationToken: Stop);
        }

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(azurite.ConnectionStrings, isTable));

        Assert.Contains("holds states already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SilosThatStartAtOnce_AgreeOnTheAccounts()
    {
        await using var warm = await StartAsync(azurite.ConnectionStrings);

        await Parallel.ForEachAsync(Enumerable.Range(0, 16), async (_, _) => await (await StartAsync(azurite.ConnectionStrings)).DisposeAsync());
    }

    internal static Action<ISiloBuilder, AzureAccounts> AddTables(string table) =>
        (silo, accounts) => silo.AddShardedAzureTableGrainStorage(StorageNames.State, accounts, options =>
        {
            options.TableName = table;
            options.DeleteStateOnClear = true;
        });

    internal static Action<ISiloBuilder, AzureAccounts> AddBlobs(string container) =>
        (silo, accounts) => silo.AddShardedAzureBlobGrainStorage(StorageNames.State, accounts, options => options.ContainerName = container);

    private string[] Pick(string places) => [.. places.Split(' ').Select(place => azurite.ConnectionStrings[place[0] - '0'])];

    private async Task<ShardedHost> StartAsync(IEnumerable<string> connections, bool isTable = true)
    {
        var host = new ShardedHost([.. connections], isTable ? AddTables(_name) : AddBlobs(_name), _service);
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }
}
