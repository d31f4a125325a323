using System.Diagnostics;
using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What only the embedded store has: a file, a writer with groups, and a disk that may fail.</summary>
public sealed class SqliteStoreTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly StorageHost _host = new("Sqlite");

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task State_AfterARestart_IsStillThere()
    {
        var grain = Sample.Grain();
        var written = Sample.New("kept");
        await _host.Storage.WriteStateAsync("s", grain, written);

        await _host.RestartAsync();
        var read = Sample.New();
        await _host.Storage.ReadStateAsync("s", grain, read);

        Assert.Equal("kept", read.State.Text);
        Assert.Equal(written.ETag, read.ETag);
    }

    [Theory]
    [InlineData(0, 2048)]
    [InlineData(4096, 4096)]
    public void OpenWriter_OfAnyPageSize_CopiesTheLogBackEvery16MiB(int earlier, int expected)
    {
        var directory = Directory.CreateTempSubdirectory("accountgrains-pages");
        var file = Path.Combine(directory.FullName, "store.db");
        if (earlier > 0)
        {
            using var before = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
            before.Open();
            using var make = before.CreateCommand();
            make.CommandText = $"PRAGMA page_size = {earlier}; CREATE TABLE some(id INTEGER PRIMARY KEY)";
            make.ExecuteNonQuery();
        }

        using (var session = SqliteSession.OpenWriter(file, fullSync: false))
        {
            session.Execute("CREATE TABLE other(id INTEGER PRIMARY KEY)");
            Assert.Equal((long)expected, session.Scalar("PRAGMA page_size"));
            Assert.Equal(16L * 1024 * 1024 / expected, session.Scalar("PRAGMA wal_autocheckpoint"));
        }

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Dispose_WithWritesWaiting_WritesThemAndLeavesOneFile()
    {
        var writes = Enumerable.Range(0, 2000).Select(_ => WriteAsync("waiting")).ToArray();

        await _host.RestartAsync();
        await Task.WhenAll(writes);

        Assert.Equal(2000L, CountStates());
        Assert.False(File.Exists(_host.DatabaseFile + "-wal"));
    }

    [Fact]
    public async Task Write_AfterDispose_SaysThatTheStoreIsClosed()
    {
        var storage = _host.Storage;
        await WriteAsync("before");
        await _host.RestartAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => storage.WriteStateAsync("s", Sample.Grain(), Sample.New("after")));
    }

    [Fact]
    public async Task Conflict_InsideAGroup_LeavesItsNeighboursAlone()
    {
        var grain = Sample.Grain();
        await _host.Storage.WriteStateAsync("s", grain, Sample.New("first"));

        using var gate = new Gate(_host.Store);
        var before = WriteAsync("before");
        var conflicting = _host.Storage.WriteStateAsync("s", grain, Sample.New("second"));
        var broken = _host.Store.WriteAsync(BreakAConstraint, 0, 1, CancellationToken.None);
        var after = WriteAsync("after");
        await gate.OpenAsync();

        await Assert.ThrowsAsync<InconsistentStateException>(() => conflicting);
        await Assert.ThrowsAsync<SqliteException>(() => broken);
        await Task.WhenAll(before, after);
        Assert.Equal(3L, CountStates());
    }

    [Fact]
    public async Task WriteThatIsRefused_InsideAGroup_LeavesTheOthers()
    {
        const string Trigger = "CREATE TRIGGER refuse BEFORE INSERT ON grain_state WHEN NEW.state_name = 'refused' BEGIN SELECT RAISE(ABORT, 'refused'); END";
        await _host.Store.WriteAsync(static (session, _) => session.Execute(Trigger), 0, 1, CancellationToken.None);

        using var gate = new Gate(_host.Store);
        var before = WriteAsync("before");
        var refused = _host.Storage.WriteStateAsync("refused", Sample.Grain(), Sample.New("refused"));
        var after = WriteAsync("after");
        await gate.OpenAsync();

        await Assert.ThrowsAsync<SqliteException>(() => refused);
        await Task.WhenAll(before, after);
        Assert.Equal(2L, CountStates());
    }

    [Fact]
    public async Task WritesOfManyGrains_ThatWaitTogether_ShareACommit()
    {
        _host.Store.Open();
        using var writes = new Counted(_host.Services, "accountgrains.storage.writes");
        using var groups = new Counted(_host.Services, "accountgrains.storage.groups");

        using var gate = new Gate(_host.Store);
        var waiting = Enumerable.Range(0, 100).Select(_ => WriteAsync("x")).ToArray();
        await gate.OpenAsync();
        await Task.WhenAll(waiting);

        Assert.Equal((101L, 1L), (writes.Total, groups.Total));
    }

    [Fact]
    public async Task FailingDisk_FailsItsGroupOnly_AndTheWriterGoesOn()
    {
        await WriteAsync("before");

        using (var gate = new Gate(_host.Store))
        {
            var neighbour = WriteAsync("taken back");
            var failing = _host.Store.WriteAsync<int, bool>(static (_, _) => throw new SqliteException("disk I/O error", 10), 0, 1, CancellationToken.None);
            await Assert.ThrowsAsync<SqliteException>(gate.OpenAsync);
            await Assert.ThrowsAsync<SqliteException>(() => failing);
            await Assert.ThrowsAsync<SqliteException>(() => neighbour);
        }

        await WriteAsync("after");
        Assert.Equal(2L, CountStates());
    }

    [Fact]
    public async Task FileThatCannotBeOpened_FailsThoseWhoWait_UntilItCan()
    {
        _host.Store.Open();
        var broken = true;
        await using var writer = new SqliteWriter(
            () => broken ? throw new SqliteException("unable to open database file", 14) : SqliteSession.OpenWriter(_host.DatabaseFile, fullSync: false),
            16,
            _host.Services.GetRequiredService<StorageMetrics>(),
            NullLogger.Instance);

        await Assert.ThrowsAsync<SqliteException>(() => VersionAsync(writer));
        await Assert.ThrowsAsync<SqliteException>(() => VersionAsync(writer));
        broken = false;

        Assert.Equal(SqliteSchema.Version, await VersionAsync(writer));
    }

    [Fact]
    public async Task TwoStoresOverOneFile_SeeEachOthersWrites()
    {
        await using var other = new StorageHost("Sqlite", ("DataDirectory", _host.DataDirectory));
        var grain = Sample.Grain();
        await _host.Storage.WriteStateAsync("s", grain, Sample.New("here"));

        var read = Sample.New();
        await other.Storage.ReadStateAsync("s", grain, read);
        await Assert.ThrowsAsync<InconsistentStateException>(() => other.Storage.WriteStateAsync("s", grain, Sample.New("there")));
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (i, cancel) =>
            await (i % 2 == 0 ? _host : other).Storage.WriteStateAsync("s", Sample.Grain(), Sample.New("x"), cancel));

        Assert.Equal("here", read.State.Text);
        Assert.Equal(401L, CountStates());
    }

    [Fact]
    public async Task CancelledWrite_ThatWaits_IsNotWritten()
    {
        using var cancel = new CancellationTokenSource();
        using var gate = new Gate(_host.Store);
        var cancelled = _host.Storage.WriteStateAsync("s", Sample.Grain(), Sample.New("x"), cancel.Token);
        await cancel.CancelAsync();
        await gate.OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(0L, CountStates());
    }

    [Fact]
    public async Task Read_WhileAGroupIsWritten_DoesNotWait()
    {
        var grain = Sample.Grain();
        await _host.Storage.WriteStateAsync("s", grain, Sample.New("committed"));
        using var gate = new Gate(_host.Store);
        await gate.Reached;

        var read = Sample.New();
        await _host.Storage.ReadStateAsync("s", grain, read);
        await gate.OpenAsync();

        Assert.Equal("committed", read.State.Text);
    }

    [Fact]
    public async Task UnreadablePayload_IsMovedToQuarantine_AndCounted()
    {
        using var counted = new Counted(_host.Services, "accountgrains.storage.quarantined");
        var grain = Sample.Grain();
        await _host.Storage.WriteStateAsync("s", grain, Sample.New("x"));
        await _host.Store.WriteAsync(static (session, _) => session.Execute("UPDATE grain_state SET payload = X'FFFFFFFF'"), 0, 1, CancellationToken.None);

        await _host.Storage.ReadStateAsync("s", grain, Sample.New());

        Assert.Equal(0L, CountStates());
        Assert.Equal(1L, Count($"SELECT COUNT(*) FROM quarantine WHERE grain_key = '{grain.Key}' AND state_name = 's' AND payload = X'FFFFFFFF' AND reason <> ''"));
        Assert.Equal(1, counted.Total);
    }

    [Fact]
    public async Task FileOfANewerBuild_IsRefused()
    {
        await _host.Store.WriteAsync(static (session, _) => session.Execute("PRAGMA user_version = 99"), 0, 1, CancellationToken.None);
        await _host.RestartAsync();

        var refused = Assert.Throws<InvalidOperationException>(_host.Store.Open);

        Assert.Contains("schema 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_host.DatabaseFile, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throughput_OfStatesOfAKilobyte_IsFarAboveItsFloor()
    {
        const int Grains = 20_000;
        var states = Enumerable.Range(0, Grains).Select(_ => (Grain: Sample.Grain(), State: Sample.New())).ToArray();
        foreach (var (_, state) in states) Random.Shared.NextBytes(state.State.Bytes = new byte[1000]);
        _host.Store.Open();

        var inserts = await RateAsync(states);
        var updates = await RateAsync(states);

        output.WriteLine($"{inserts:N0} first writes a second, {updates:N0} later writes a second, of {Grains:N0} states of a kilobyte");
        Assert.True(inserts >= 500 && updates >= 500, $"{inserts} and {updates} writes a second");
    }

    private static Task<long> VersionAsync(SqliteWriter writer) => writer.WriteAsync(
        new StoreOperation<int, long>(static (session, _) => (long)session.Scalar("PRAGMA user_version")!, 0, 1, CancellationToken.None), CancellationToken.None);

    private async Task<double> RateAsync((GrainId Grain, Sample State)[] states)
    {
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            states,
            new ParallelOptions { MaxDegreeOfParallelism = 256 },
            async (item, cancel) => await _host.Storage.WriteStateAsync("s", item.Grain, item.State, cancel));
        return states.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private Task WriteAsync(string text) => _host.Storage.WriteStateAsync("s", Sample.Grain(), Sample.New(text));

    private static int BreakAConstraint(SqliteSession session, int argument) =>
        session.Execute("INSERT INTO decisions(account, number, time, payload) VALUES('a', 1, 0, NULL)");

    private long CountStates() => Count("SELECT COUNT(*) FROM grain_state");

    private long Count(string sql)
    {
        using var session = SqliteSession.OpenReader(_host.DatabaseFile);
        return (long)session.Scalar(sql)!;
    }

    /// <summary>Holds the writer inside a group, so that what is written meanwhile joins that group.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();
        private readonly Task _group;

        public Gate(SqliteStore store) => _group = store.WriteAsync(Hold, this, 1, CancellationToken.None);

        public Task Reached => _reached.Task;

        public async Task OpenAsync()
        {
            await Reached;
            _open.Set();
            await _group;
        }

        public void Dispose()
        {
            _open.Set();
            _open.Dispose();
        }

        private static bool Hold(SqliteSession session, Gate gate)
        {
            gate._reached.SetResult();
            return gate._open.Wait(TimeSpan.FromSeconds(30));
        }
    }
}
