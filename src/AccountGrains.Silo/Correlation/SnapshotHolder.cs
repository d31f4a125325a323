using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>The snapshot that this silo's verdicts read; swapped whole at an epoch's end.</summary>
internal sealed class SnapshotHolder
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Snapshot _current = Snapshot.Empty(Policy.Default);

    /// <summary>The snapshot of now.</summary>
    public Snapshot Current
    {
        get => Volatile.Read(ref _current);
        set
        {
            Volatile.Write(ref _current, value);
            _first.TrySetResult();
        }
    }

    /// <summary>Ends when there is one.</summary>
    public Task FirstAsync(CancellationToken cancellationToken) => _first.Task.IsCompleted ? Task.CompletedTask : _first.Task.WaitAsync(cancellationToken);
}
