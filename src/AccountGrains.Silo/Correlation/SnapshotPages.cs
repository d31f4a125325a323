using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>Sends a whole snapshot in parts that fit a message: those before the last have versions below 0, and are put aside until it is there.</summary>
internal static class SnapshotPages
{
    private const int Signatures = 50;

    /// <summary>The parts.</summary>
    public static IEnumerable<SnapshotChange> Of(SnapshotChange whole)
    {
        var pages = whole.Changed.Chunk(Signatures).ToArray();
        if (pages.Length <= 1) return [whole];
        return pages.Select((page, i) => whole with
        {
            From = i == 0 ? 0 : -i,
            Version = i == pages.Length - 1 ? whole.Version : -i - 1,
            Changed = page,
            Gone = [],
            Norms = i == 0 ? whole.Norms : null,
        });
    }
}
