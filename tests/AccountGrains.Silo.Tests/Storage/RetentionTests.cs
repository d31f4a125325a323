using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.Storage;

public sealed class RetentionTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Memory")]
    public async Task Sweep_OfWhatWasNotStoredAgain_ForgetsItAndLeavesTheRest(string provider)
    {
        await using var host = new StorageHost(provider, _clock, ("Retention", "30.00:00:00"));
        var forgotten = Enumerable.Range(0, 1200).Select(_ => Sample.Grain()).ToArray();
        var kept = Sample.Grain();
        var population = GrainId.Create("population", "0");
        var again = Sample.New("again");
        foreach (var grain in forgotten) await host.Storage.WriteStateAsync("account", grain, Sample.New("old"));
        await host.Storage.WriteStateAsync("account", kept, again);
        await host.Storage.WriteStateAsync("population", population, Sample.New("one record"));
        _clock.Advance(TimeSpan.FromDays(20));
        await host.Storage.WriteStateAsync("account", kept, again);

        var early = await SweepAsync(host);
        _clock.Advance(TimeSpan.FromDays(11));
        var due = await SweepAsync(host);

        Assert.Equal((0L, 1200L), (early, due));
        Assert.False(await ExistsAsync(host, "account", forgotten[7]));
        Assert.True(await ExistsAsync(host, "account", kept));
        Assert.True(await ExistsAsync(host, "population", population));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Memory")]
    public async Task Sweep_OfAGrainWithSeveralRecords_ForgetsThemTogether(string provider)
    {
        await using var host = new StorageHost(provider, _clock, ("Retention", "30.00:00:00"));
        var campaign = GrainId.Create("campaign", "c_1");
        var head = Sample.New("head");
        await host.Storage.WriteStateAsync("campaign", campaign, head);
        await host.Storage.WriteStateAsync("members-0-0", campaign, Sample.New("page"));
        _clock.Advance(TimeSpan.FromDays(20));
        await host.Storage.WriteStateAsync("campaign", campaign, head);
        _clock.Advance(TimeSpan.FromDays(20));

        var early = await SweepAsync(host);
        _clock.Advance(TimeSpan.FromDays(20));
        var due = await SweepAsync(host);

        Assert.Equal((0L, 2L), (early, due));
    }

    [Fact]
    public async Task Sweep_OfDecisions_KeepsTheLastOfAnAccountThatIsStillKnown()
    {
        await using var host = new StorageHost("Sqlite", _clock, ("Retention", "30.00:00:00"));
        await host.Decisions.AppendAsync([Of(1, 1), Of(1, 2), Of(2, 1)], Stop);
        _clock.Advance(TimeSpan.FromDays(31));
        await host.Storage.WriteStateAsync("account", Sample.Grain(Account(1).ToString()), Sample.New("known"));

        await SweepAsync(host);

        Assert.Equal(["1:2"], (await host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
    }

    [Fact]
    public async Task Open_OfAFileOfTheFirstSchema_KeepsWhatIsInItAndCountsItAsStoredToday()
    {
        await using var host = new StorageHost("Sqlite", _clock);
        Directory.CreateDirectory(host.DataDirectory);
        await using (var file = new SqliteConnection($"Data Source={host.DatabaseFile};Pooling=False"))
        {
            await file.OpenAsync(Stop);
            await using var command = file.CreateCommand();
            command.CommandText = FirstSchema;
            await command.ExecuteNonQueryAsync(Stop);
        }

        await host.Decisions.AppendAsync([Of(5, 1)], Stop);

        Assert.Equal("kept", await host.Properties.GetAsync("check", Stop));
        Assert.Equal(["5:1"], (await host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
        var days = await host.Store.ReadAsync(static (session, _) => (long)session.Scalar("SELECT COUNT(*) FROM grain_state WHERE day > 20000 AND version = 3")!, 0, Stop);
        Assert.Equal(1, days);
    }

    private static ValueTask<long> SweepAsync(StorageHost host) => new(host.Services.GetRequiredService<RetentionSweep>().SweepAsync(Stop));

    private static async Task<bool> ExistsAsync(StorageHost host, string state, GrainId grain)
    {
        var read = Sample.New();
        await host.Storage.ReadStateAsync(state, grain, read);
        return read.RecordExists;
    }

    /// <summary>As the first build made it.</summary>
    private const string FirstSchema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE grain_state(
            id INTEGER PRIMARY KEY, service_id TEXT NOT NULL, grain_type TEXT NOT NULL, grain_key TEXT NOT NULL, state_name TEXT NOT NULL,
            version INTEGER NOT NULL, payload BLOB, UNIQUE(service_id, grain_type, grain_key, state_name));
        CREATE TABLE quarantine(
            id INTEGER PRIMARY KEY, service_id TEXT NOT NULL, grain_type TEXT NOT NULL, grain_key TEXT NOT NULL, state_name TEXT NOT NULL,
            payload BLOB, reason TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE decisions(
            seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, payload BLOB NOT NULL, UNIQUE(account, number));
        CREATE TABLE properties(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO grain_state(service_id, grain_type, grain_key, state_name, version, payload) VALUES('svc', 'account', 'a', 'account', 3, X'00');
        INSERT INTO properties(name, value) VALUES('check', 'kept');
        PRAGMA user_version = 1;
        """;
}
