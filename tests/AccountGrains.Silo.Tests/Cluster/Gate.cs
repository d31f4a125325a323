namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>Holds up those that come through, or turns the first of them back.</summary>
internal sealed class Gate(Exception? failure = null, int most = int.MaxValue)
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = most;

    /// <summary>Ends when somebody stands before it.</summary>
    public Task Entered => _entered.Task;

    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _entered.TrySetResult();
        if (failure is null) return _open.Task;
        return Interlocked.Decrement(ref _left) >= 0 ? Task.FromException(failure) : Task.CompletedTask;
    }
}
