using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// The embedded store: one SQLite file in the data directory, one writer, a few readers. A write that ended well survives the
/// end of the process in any form, <c>kill -9</c> included, because the write-ahead log is then with the operating system; that
/// system's own crash or a power loss may take the last commits, unless <c>AccountGrains:Storage:FullSync</c> is set.
/// </summary>
internal sealed class SqliteStore(IOptions<StorageOptions> options, StorageMetrics metrics, ILogger<SqliteStore> logger) : IStore, IAsyncDisposable, IDisposable
{
    private readonly Lock _opening = new();
    private readonly string _file = options.Value.DatabaseFile;
    private readonly StorageSettings _settings = options.Value.Storage;
    private volatile Parts? _parts;
    private bool _closed;

    /// <inheritdoc/>
    public string Where => _file;

    /// <summary>Opens the file, and makes directory, file and tables where there are none. Done once; the first use does it too.</summary>
    public void Open() => _ = Opened();

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        Open();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IStoreProperties PropertiesOf(int shard) => new SqliteStoreProperties(this);

    /// <summary>Ends when the write is committed, with its outcome; writes of many callers share a commit.</summary>
    /// <param name="apply">Writes, with the argument; it runs on the writer, inside its transaction.</param>
    /// <param name="argument">Given to <paramref name="apply"/>.</param>
    /// <param name="weight">How many rows it is about.</param>
    /// <param name="cancellationToken">Gives up waiting; a write that has begun is not taken back.</param>
    public Task<TResult> WriteAsync<TArgument, TResult>(
        Func<SqliteSession, TArgument, TResult> apply, TArgument argument, int weight, CancellationToken cancellationToken) =>
        Opened().Writer.WriteAsync(new StoreOperation<TArgument, TResult>(apply, argument, weight, cancellationToken), cancellationToken);

    /// <summary>Reads what is committed, without waiting for the writer.</summary>
    public ValueTask<TResult> ReadAsync<TArgument, TResult>(
        Func<SqliteSession, TArgument, TResult> read, TArgument argument, CancellationToken cancellationToken) =>
        Opened().Readers.ReadAsync(read, argument, cancellationToken);

    /// <summary>Writes what waits, moves the write-ahead log into the file, and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        Parts? parts;
        lock (_opening)
        {
            parts = _parts;
            _parts = null;
            _closed = true;
        }

        if (parts is null) return;
        await parts.Readers.DisposeAsync().ConfigureAwait(false);
        try
        {
            await parts.Writer.DisposeAsync().ConfigureAwait(false);
        }
        catch (SqliteException exception)
        {
            Log.CheckpointFailed(logger, _file, exception);
        }

        Log.StoreClosed(logger, _file);
    }

    /// <summary>For containers that are not disposed asynchronously.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private Parts Opened()
    {
        if (_parts is { } opened) return opened;
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return _parts ??= Create();
        }
    }

    private Parts Create()
    {
        CreateDirectory(Path.GetDirectoryName(_file)!);
        using (var session = OpenWriter()) SqliteSchema.Ensure(session, _file);
        Log.StoreOpened(logger, _file, SqliteSchema.Version, _settings.FullSync);
        return new Parts(new SqliteWriter(OpenWriter, _settings.QueueLimit, metrics, logger), new SqliteReaders(() => SqliteSession.OpenReader(_file)));
    }

    private SqliteSession OpenWriter() => SqliteSession.OpenWriter(_file, _settings.FullSync);

    // Decisions carry the names of accounts: other users of the machine have no business here.
    private static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed record Parts(SqliteWriter Writer, SqliteReaders Readers);
}
