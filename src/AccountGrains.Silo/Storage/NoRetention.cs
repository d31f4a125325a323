namespace AccountGrains.Silo.Storage;

/// <summary>For stores in which nothing is forgotten yet: says so once.</summary>
internal sealed class NoRetention(IStore store, ILogger<NoRetention> logger) : IRetention
{
    private int _said;

    /// <inheritdoc/>
    public ValueTask<int> ForgetAsync(int day, int limit, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _said, 1) == 0) Log.KeepsAll(logger, store.Where);
        return default;
    }
}
