namespace AccountGrains.Silo.Storage;

/// <summary>One caller's write on its way through the writer.</summary>
internal abstract class StoreOperation(int weight, CancellationToken cancellationToken)
{
    /// <summary>How many rows it is about.</summary>
    public int Weight => weight;

    /// <summary>Its caller gave up before it was written; it is not written.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>Writes, inside the group's transaction, and keeps the outcome.</summary>
    public abstract void Apply(SqliteSession session);

    /// <summary>Gives the caller the outcome, once it is committed.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was written.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Tells the caller that it was not written because it was cancelled.</summary>
    public void Cancel() => Fail(new OperationCanceledException(cancellationToken));
}

/// <inheritdoc cref="StoreOperation"/>
internal sealed class StoreOperation<TArgument, TResult>(
    Func<SqliteSession, TArgument, TResult> apply, TArgument argument, int weight, CancellationToken cancellationToken)
    : StoreOperation(weight, cancellationToken)
{
    // The writer goes on to the next group while callers go on elsewhere.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    /// <summary>Ends with the outcome.</summary>
    public Task<TResult> Completion => _completion.Task;

    /// <inheritdoc/>
    public override void Apply(SqliteSession session) => _result = apply(session, argument);

    /// <inheritdoc/>
    public override void Complete() => _completion.TrySetResult(_result!);

    /// <inheritdoc/>
    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
