namespace AccountGrains.Core.Correlation;

/// <summary>Where a sighting lies.</summary>
/// <param name="Rows">Among which; null only in the default value, which stands for none.</param>
/// <param name="Place">At which place.</param>
public readonly record struct SightingPlace(SightingRows Rows, ushort Place)
{
    /// <summary>True when there is none.</summary>
    public bool IsNone => Rows is null;

    /// <summary>What it shows.</summary>
    public ref readonly SightingRow Row => ref Rows[Place];

    /// <summary>The same as an object that may be kept.</summary>
    public Sighting Sighting => Rows.At(Place);
}
