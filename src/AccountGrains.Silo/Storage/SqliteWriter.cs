using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// The only one that writes: it takes whatever waits, writes it in one transaction, and tells each caller its own outcome after
/// the commit. When the disk fails, the callers of that group get its exception and the writer starts anew with the next.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int GroupLimit = 512;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly Func<SqliteSession> _open;
    private readonly StorageMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Channel<StoreOperation> _queue;
    private readonly List<StoreOperation> _group = new(GroupLimit);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private SqliteSession? _session;

    /// <summary>Starts the writer.</summary>
    public SqliteWriter(Func<SqliteSession> open, int queueLimit, StorageMetrics metrics, ILogger logger)
    {
        _open = open;
        _metrics = metrics;
        _logger = logger;
        // Whoever queues wakes the writer itself, whatever the pool is busy with.
        _queue = Channel.CreateBounded<StoreOperation>(new BoundedChannelOptions(queueLimit) { SingleReader = true, AllowSynchronousContinuations = true });
        metrics.ObserveQueue(() => _queue.Reader.Count);

        // A thread of its own: a group takes milliseconds, and on a small machine the pool has two threads for all calls.
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Queues a write and ends with its outcome. Once the writer has begun with it, it cannot be cancelled.</summary>
    public Task<TResult> WriteAsync<TArgument, TResult>(StoreOperation<TArgument, TResult> operation, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && _queue.Writer.TryWrite(operation) ? operation.Completion : WriteLaterAsync(operation, cancellationToken);

    private async Task<TResult> WriteLaterAsync<TArgument, TResult>(StoreOperation<TArgument, TResult> operation, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(operation, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException exception)
        {
            throw new ObjectDisposedException("The store is closed.", exception);
        }

        return await operation.Completion.ConfigureAwait(false);
    }

    /// <summary>Writes what waits, moves the write-ahead log into the file, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        try
        {
            _session ??= _open();
            _session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            _session?.Dispose();
            _closing.Dispose();
        }
    }

    private void Run()
    {
        var failures = 0;
        while (WaitForSome())
        {
            if (WriteGroup() is not { } exception)
            {
                failures = 0;
                continue;
            }

            failures++;
            var delay = TimeSpan.FromTicks(Math.Min(FirstDelay.Ticks << Math.Min(failures - 1, 10), LongestDelay.Ticks));
            FailGroup(exception);
            Log.GroupFailed(_logger, _group.Count, failures, delay, exception);
            _closing.Token.WaitHandle.WaitOne(delay);
        }
    }

    /// <summary>False when the store is closed and nothing waits any more.</summary>
    private bool WaitForSome()
    {
        var some = _queue.Reader.WaitToReadAsync();
        return some.IsCompleted ? some.GetAwaiter().GetResult() : some.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Writes one group; gives what went wrong when all of it failed.</summary>
    private Exception? WriteGroup()
    {
        _group.Clear();
        try
        {
            _session ??= _open();
            _session.Execute("BEGIN IMMEDIATE");
            for (var weight = 0; weight < GroupLimit && _queue.Reader.TryRead(out var operation); weight += operation.Weight) Apply(_session, operation);
            _session.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            // Closing the connection takes back what its transaction wrote, whatever state the failure left it in.
            _session?.Dispose();
            _session = null;
            return exception;
        }

        _metrics.Groups.Add(1);
        _metrics.Writes.Add(_group.Count);
        foreach (var operation in _group) operation.Complete();
        return null;
    }

    private void Apply(SqliteSession session, StoreOperation operation)
    {
        if (operation.IsCancelled)
        {
            operation.Cancel();
            return;
        }

        _group.Add(operation);
        try
        {
            operation.Apply(session);
        }
        catch (SqliteException exception) when (IsItsOwn(exception))
        {
            _group.RemoveAt(_group.Count - 1);
            operation.Fail(exception);
        }
    }

    /// <summary>True for what is wrong with one write only and leaves the transaction as it was: constraint, too big, wrong type.</summary>
    private static bool IsItsOwn(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH;

    private void FailGroup(Exception exception)
    {
        _metrics.Failures.Add(1);

        // When not even a transaction could begin, those who would have been in it hear of it, instead of waiting for a disk without end.
        if (_group.Count == 0)
        {
            while (_group.Count < GroupLimit && _queue.Reader.TryRead(out var waiting)) _group.Add(waiting);
        }

        foreach (var operation in _group) operation.Fail(exception);
    }
}
