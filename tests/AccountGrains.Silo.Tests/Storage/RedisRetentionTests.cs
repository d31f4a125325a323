using System.Globalization;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What is forgotten in Redis.</summary>
public sealed class RedisRetentionTests(RedisServer server) : IClassFixture<RedisServer>
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _service = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task States_OfAccountsExpire_AndOthersStay()
    {
        await using var host = Host();
        await using var started = await ServerStorage.StartedAsync(host);
        foreach (var type in new[] { "account", "fingerprint", "campaign", "population" })
        {
            await host.Storage.WriteStateAsync(type, GrainId.Create(type, "1"), Sample.New("stored"));
        }

        Assert.All(["account", "fingerprint"], type => Assert.InRange(LifeOf(type)!.Value.TotalDays, 29.9, 30));
        Assert.All(["campaign", "population"], type => Assert.Null(LifeOf(type)));
    }

    [Fact]
    public async Task Sweep_OfDecisions_KeepsTheLastOfAnAccountThatIsStillKnown()
    {
        await using var host = Host();
        await using var started = await ServerStorage.StartedAsync(host);
        await host.Decisions.AppendAsync([Of(1, 1), Of(1, 2), Of(2, 1), Of(2, 2)], Stop);
        await host.Storage.WriteStateAsync("account", Sample.Grain(Account(1).ToString()), Sample.New("known"));
        var sweep = host.Services.GetRequiredService<RetentionSweep>();
        var marked = await sweep.SweepAsync(Stop);
        _clock.Advance(TimeSpan.FromDays(20));
        await host.Decisions.AppendAsync([Of(3, 1)], Stop);
        var early = await sweep.SweepAsync(Stop);
        _clock.Advance(TimeSpan.FromDays(11));

        var due = await sweep.SweepAsync(Stop);
        var again = await sweep.SweepAsync(Stop);

        Assert.Equal((0L, 0L, 3L, 0L), (marked, early, due, again));
        Assert.Equal(["1:2", "3:1"], (await host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
        Assert.Empty(await host.Decisions.ReadAccountAsync(Account(2), 10, Stop));
        Assert.Equal([(Account(1), 2), (Account(3), 1)], (await host.Decisions.LoadLatestAsync(Stop).ToListAsync(Stop)).Select(d => (d.Account, d.Number)).OrderBy(d => d.Account.Value));
    }

    private StorageHost Host() =>
        new("Redis", _clock, ("Storage:ConnectionStrings:0", server.ConnectionString), ("Cluster:ServiceId", _service), ("Retention", "30.00:00:00"));

    /// <summary>For how long a state is kept from now on; null for ever.</summary>
    private TimeSpan? LifeOf(string type)
    {
        using var connection = ConnectionMultiplexer.Connect(server.ConnectionString);
        var key = Assert.Single(connection.GetServers()[0].Keys(pattern: string.Create(CultureInfo.InvariantCulture, $"{_service}/*{type}*")));
        return connection.GetDatabase().KeyTimeToLive(key);
    }
}
