using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What is forgotten in PostgreSQL, whose server says when a record was stored.</summary>
public sealed class PostgresRetentionTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Sweep_OfWhatWasNotStoredAgain_ForgetsItAndLeavesTheRest()
    {
        await using var host = new StorageHost(
            "Postgres", ("Storage:ConnectionStrings:0", server.ConnectionString), ("Cluster:ServiceId", Guid.NewGuid().ToString("N")), ("Retention", "30.00:00:00"));
        await using var started = await ServerStorage.StartedAsync(host);
        var (old, again, population, campaign) = (Sample.Grain(), Sample.Grain(), GrainId.Create("population", "0"), GrainId.Create("campaign", "c_1"));
        var kept = Sample.New("again");
        var head = Sample.New("head");
        await host.Storage.WriteStateAsync("account", old, Sample.New("old"));
        await host.Storage.WriteStateAsync("account", again, kept);
        await host.Storage.WriteStateAsync("population", population, Sample.New("one record"));
        await host.Storage.WriteStateAsync("campaign", campaign, head);
        await host.Storage.WriteStateAsync("members-0-0", campaign, Sample.New("page"));
        await host.Decisions.AppendAsync([Of(1, 1), Of(1, 2)], Stop);
        await AgeAsync();
        await host.Storage.WriteStateAsync("account", again, kept);
        await host.Storage.WriteStateAsync("campaign", campaign, head);

        var first = await host.Services.GetRequiredService<RetentionSweep>().SweepAsync(Stop);
        var second = await host.Services.GetRequiredService<RetentionSweep>().SweepAsync(Stop);

        Assert.Equal((true, 0L), (first > 0, second));
        Assert.False(await ExistsAsync(host, "account", old));
        Assert.True(await ExistsAsync(host, "account", again));
        Assert.True(await ExistsAsync(host, "population", population));
        Assert.True(await ExistsAsync(host, "campaign", campaign) && await ExistsAsync(host, "members-0-0", campaign));
        Assert.Equal(["1:2"], (await host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
    }

    private static async Task<bool> ExistsAsync(StorageHost host, string name, GrainId grain)
    {
        var state = Sample.New();
        await host.Storage.ReadStateAsync(name, grain, state);
        return state.RecordExists;
    }

    /// <summary>Makes all that is there forty days older.</summary>
    private async Task AgeAsync()
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand("UPDATE OrleansStorage SET ModifiedOn = ModifiedOn - interval '40 days'; UPDATE accountgrains_decisions SET stored_on = stored_on - 40");
        await command.ExecuteNonQueryAsync(Stop);
    }
}
