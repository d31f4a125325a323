using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.AzureStorage;

/// <summary>What is forgotten in Azure Storage, whose service says when a record was stored.</summary>
public sealed class AzureRetentionTests(Azurite azurite)
{
    private readonly string _service = $"svc{Guid.NewGuid():N}";

    [Fact]
    public Task Forget_InTables_LeavesWhatWasStoredAgain() => ForgetAsync("AzureTable", azurite, async grain =>
    {
        var row = await new TableClient(azurite.ConnectionString, "OrleansGrainState").GetEntityAsync<TableEntity>($"{_service}_account_{grain.Key}", "account", cancellationToken: Stop);
        return row.Value.Timestamp!.Value;
    });

    [Fact]
    public async Task Forget_InBlobs_LeavesWhatWasStoredAgain()
    {
        // The official names of blobs do not tell services apart.
        await using var emulator = new Azurite();
        await emulator.InitializeAsync();
        await ForgetAsync("AzureBlob", emulator, async grain =>
            (await new BlobClient(emulator.ConnectionString, "grainstate", $"account-account/{grain.Key}.json").GetPropertiesAsync(cancellationToken: Stop)).Value.LastModified);
    }

    private async Task ForgetAsync(string provider, Azurite emulator, Func<GrainId, Task<DateTimeOffset>> storedAt)
    {
        await using var host = new ShardedHost(
            [emulator.ConnectionString], (silo, _) => silo.AddAccountGrainsStorage(), _service, ("Storage:Provider", provider), ("Storage:ConnectionStrings:0", emulator.ConnectionString));
        await host.Registered.GetRequiredService<IStore>().OpenAsync(Stop);
        await host.StartAsync();
        var decisions = host.Registered.GetRequiredService<IDecisionLog>();
        var (known, gone, population) = (Sample.Grain(Account(1).ToString()), Sample.Grain(Account(2).ToString()), GrainId.Create("population", "0"));
        var (campaign, ended) = (GrainId.Create("campaign", "c_1"), GrainId.Create("campaign", "c_2"));
        var (account, head) = (Sample.New("known"), Sample.New("head"));
        await host.Storage.WriteStateAsync("account", known, account, Stop);
        await host.Storage.WriteStateAsync("population", population, Sample.New("one record"), Stop);
        foreach (var grain in new[] { campaign, ended }) await host.Storage.WriteStateAsync("members-0-0", grain, Sample.New("page"), Stop);
        await host.Storage.WriteStateAsync("campaign", campaign, head, Stop);
        await host.Storage.WriteStateAsync("campaign", ended, Sample.New("head"), Stop);
        await decisions.AppendAsync([Of(1, 1), Of(1, 2), Of(2, 1)], Stop);
        await host.Storage.WriteStateAsync("account", gone, Sample.New("gone"), Stop);
        var last = await storedAt(gone);
        do await host.Storage.WriteStateAsync("account", known, account, Stop);
        while (await storedAt(known) <= last);
        await host.Storage.WriteStateAsync("campaign", campaign, head, Stop);
        var before = await storedAt(known);

        var retention = host.Registered.GetRequiredService<IRetention>();
        var first = await retention.ForgetAsync(before, Stop);
        var second = await retention.ForgetAsync(before, Stop);

        // An account, a campaign with its page, and two decisions: the last one of an account that is known stays.
        Assert.Equal((5L, 0L), (first, second));
        Assert.True(await ExistsAsync("account", known) && await ExistsAsync("population", population) && await ExistsAsync("campaign", campaign) && await ExistsAsync("members-0-0", campaign));
        Assert.False(await ExistsAsync("account", gone) || await ExistsAsync("campaign", ended) || await ExistsAsync("members-0-0", ended));
        Assert.Equal(["1:2"], (await decisions.ReadAsync(0, 10, Stop)).Select(Text));
        Assert.Empty(await decisions.ReadAccountAsync(Account(2), 10, Stop));

        async Task<bool> ExistsAsync(string name, GrainId grain)
        {
            var state = Sample.New();
            await host.Storage.ReadStateAsync(name, grain, state, Stop);
            return state.RecordExists;
        }
    }
}
