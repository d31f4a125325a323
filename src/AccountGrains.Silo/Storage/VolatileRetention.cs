namespace AccountGrains.Silo.Storage;

/// <summary>Forgets what is in this process's memory. Decisions have a bound of their own there.</summary>
internal sealed class VolatileRetention(VolatileStateTable table) : IRetention
{
    /// <inheritdoc/>
    public ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => new(table.Forget(StoreDay.Of(before)));
}
