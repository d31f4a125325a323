using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;

namespace AccountGrains.Storage.Azure.Tests.Silos;

/// <summary>Grains in real silos, through the provider. The cases are those of Orleans' own <c>GrainPersistenceTestsRunner</c> and <c>LivenessTestsBase</c>.</summary>
public sealed class AzureClusterTests(Azurite azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("AzureTableStorage")]
    [InlineData("AzureBlobStorage")]
    public async Task GrainsOfEveryKind_KeepTheirStates_WhenAllSilosStart_Again(string storage)
    {
        var cluster = new AzureCluster(azurite.ConnectionString, storage);
        await using var _ = cluster;
        var guid = Guid.NewGuid();
        for (var run = 1; run <= 2; run++)
        {
            using var silo = await cluster.AddSiloAsync($"silo-{run}", byConfiguration: run == 1);
            var client = await cluster.AddClientAsync(byConfiguration: run == 1);
            IKept[] grains =
            [
                client.GetGrain<IKeptText>("a1b2"),
                client.GetGrain<IKeptNumber>(0xABCDEF),
                client.GetGrain<IKeptNumberText>(-1, "more"),
                client.GetGrain<IKeptGuid>(guid),
                client.GetGrain<IKeptGuidText>(guid, "more"),
            ];

            foreach (var grain in grains) Assert.Equal(run, await grain.AddAsync());
            var cleared = client.GetGrain<IKeptText>("cleared");
            await cleared.ClearAsync();
            Assert.Equal(1, await cleared.AddAsync());
            await cleared.ClearAsync();
            await silo.StopAsync(Stop);
        }
    }

    [Fact]
    public async Task RowsOfGrains_HaveTheOfficialKeys_AndTheSilosOwnSerializer()
    {
        await using var cluster = new AzureCluster(azurite.ConnectionString, "AzureTableStorage");
        await cluster.AddSiloAsync("silo");
        var client = await cluster.AddClientAsync();
        var guid = Guid.NewGuid();
        IKept[] grains = [client.GetGrain<IKeptText>("a1b2"), client.GetGrain<IKeptNumber>(0xABCDEF), client.GetGrain<IKeptNumberText>(1, "more"), client.GetGrain<IKeptGuid>(guid)];

        foreach (var grain in grains) await grain.AddAsync();

        var table = new TableClient(azurite.ConnectionString, "OrleansGrainState");
        var rows = await table.QueryAsync<TableEntity>($"PartitionKey ge '{cluster.ServiceId}_' and PartitionKey lt '{cluster.ServiceId}`'", cancellationToken: Stop).ToListAsync(Stop);
        string[] expected = ["kept_a1b2", "kept_ABCDEF", "kept_1+more", $"kept_{guid:N}"];
        Assert.Equal(expected.Select(key => $"{cluster.ServiceId}_{key}").Order(StringComparer.Ordinal), rows.Select(row => row.PartitionKey).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal("count", row.RowKey));
        Assert.All(rows, row => Assert.StartsWith("{\"$id\":\"1\",\"$type\":", System.Text.Encoding.UTF8.GetString(row.GetBinary("Data")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silos_JoinAndLeave_AndGrainsAnswer()
    {
        await using var cluster = new AzureCluster(azurite.ConnectionString, "AzureTableStorage");
        var first = await cluster.AddSiloAsync("first");
        await CheckAsync(await cluster.AddClientAsync(), 1, "first");

        var second = await cluster.AddSiloAsync("second", byConfiguration: false);
        await first.StopAsync(Stop);
        await CheckAsync(await cluster.AddClientAsync(), 2, "second");

        await cluster.AddSiloAsync("third");
        await second.StopAsync(Stop);
        await CheckAsync(await cluster.AddClientAsync(), 3, "third");
    }

    /// <summary>Twenty grains count on, all in the one silo that is there.</summary>
    private static async Task CheckAsync(IClusterClient client, int expected, string silo)
    {
        var grains = Enumerable.Range(0, 20).Select(i => client.GetGrain<IKeptText>($"grain-{i}")).ToArray();
        Assert.All(await Task.WhenAll(grains.Select(grain => grain.AddAsync())), count => Assert.Equal(expected, count));
        Assert.All(await Task.WhenAll(grains.Select(grain => grain.WhereAsync())), where => Assert.Equal(silo, where));
    }
}
