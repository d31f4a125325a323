using System.Collections.Concurrent;

namespace AccountGrains.Silo.Storage;

/// <summary>A few connections that read what is committed, beside the writer and without waiting for it.</summary>
internal sealed class SqliteReaders(Func<SqliteSession> open) : IAsyncDisposable
{
    // A read holds a thread while the disk works; this is how many threads that can be.
    private const int Limit = 4;

    private readonly SemaphoreSlim _free = new(Limit);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads with a connection of its own.</summary>
    public async ValueTask<TResult> ReadAsync<TArgument, TResult>(
        Func<SqliteSession, TArgument, TResult> read, TArgument argument, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        SqliteSession? session = null;
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            session = _idle.TryTake(out var idle) ? idle : open();
            var result = read(session, argument);

            // Only a connection that worked is used again.
            _idle.Add(session);
            session = null;
            return result;
        }
        finally
        {
            session?.Dispose();
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < Limit; i++) await _free.WaitAsync().ConfigureAwait(false);
        while (_idle.TryTake(out var session)) session.Dispose();
        _free.Release(Limit);
    }
}
