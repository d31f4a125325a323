namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>Holds up those that come through, or turns them back.</summary>
internal sealed class Gate(Exception? failure = null)
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody stands before it.</summary>
    public Task Entered => _entered.Task;

    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _entered.TrySetResult();
        return failure is null ? _open.Task : Task.FromException(failure);
    }
}
