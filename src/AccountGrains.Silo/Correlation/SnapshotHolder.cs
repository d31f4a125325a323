using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>The snapshot that this silo's verdicts read; swapped whole at an epoch's end.</summary>
internal sealed class SnapshotHolder
{
    private Snapshot _current = Snapshot.Empty(Policy.Default);

    /// <summary>The snapshot of now.</summary>
    public Snapshot Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
