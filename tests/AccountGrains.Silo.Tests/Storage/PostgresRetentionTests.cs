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
        await using var host = Host();
        await using var started = await ServerStorage.StartedAsync(host);
        var (old, again, population, campaign) = (Sample.Grain(), Sample.Grain(), GrainId.Create("population", "0"), GrainId.Create("campaign", "c_1"));
        var kept = Sample.New("again");
        var head = Sample.New("head");
        await host.Storage.WriteStateAsync("account", old, Sample.New("old"));
        await host.Storage.WriteStateAsync("account", again, kept);
        await host.Storage.WriteStateAsync("population", population, Sample.New("one record"));
        await host.Storage.WriteStateAsync("campaign", campaign, head);
        await host.Storage.WriteStateAsync("members-0-0", campaign, Sample.New("page"));
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
    }

    [Fact]
    public async Task Sweep_OfDecisions_KeepsTheLastOfAnAccountThatIsStillKnown()
    {
        await using var host = Host();
        await using var started = await ServerStorage.StartedAsync(host);
        await host.Storage.WriteStateAsync("account", Sample.Grain(Account(2).ToString()), Sample.New("forgotten"));
        await host.Decisions.AppendAsync([Of(1, 1), Of(1, 2), Of(2, 1), Of(2, 2), Of(3, 1)], Stop);
        await AgeAsync();
        await host.Storage.WriteStateAsync("account", Sample.Grain(Account(1).ToString()), Sample.New("known"));
        await host.Decisions.AppendAsync([Of(4, 1)], Stop);

        var sweep = host.Services.GetRequiredService<RetentionSweep>();
        var (first, second) = (await sweep.SweepAsync(Stop), await sweep.SweepAsync(Stop));

        Assert.Equal((true, 0L), (first > 0, second));
        Assert.Equal(["1:2", "4:1"], (await host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
    }

    [Theory]
    [InlineData("account", true)]
    [InlineData("fingerprint", true)]
    [InlineData("campaign", true)]
    [InlineData("campaign-index", false)]
    public async Task Sweep_OfWhatWasKeptAside_ForgetsItWithTheRest(string name, bool isForgotten)
    {
        await using var host = Host();
        await using var started = await ServerStorage.StartedAsync(host);
        var (old, again) = (GrainId.Create(name, "old"), GrainId.Create(name, "again"));
        var kept = Sample.New("again");
        await host.Storage.WriteStateAsync(name + "-unreadable", old, Sample.New("kept aside"));
        await host.Storage.WriteStateAsync(name + "-unreadable", again, Sample.New("kept aside"));
        await host.Storage.WriteStateAsync(name, again, kept);
        await AgeAsync();
        await host.Storage.WriteStateAsync(name, again, kept);

        await host.Services.GetRequiredService<RetentionSweep>().SweepAsync(Stop);

        Assert.Equal(!isForgotten, await ExistsAsync(host, name + "-unreadable", old));
        Assert.True(await ExistsAsync(host, name + "-unreadable", again));
    }

    private StorageHost Host() => new(
        "Postgres", ("Storage:ConnectionStrings:0", server.ConnectionString), ("Cluster:ServiceId", Guid.NewGuid().ToString("N")), ("Retention", "30.00:00:00"));

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
