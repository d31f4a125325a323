namespace AccountGrains.LoadTests.Runs;

/// <summary>A figure that compares.</summary>
/// <param name="What">What it is.</param>
/// <param name="Value">The figure.</param>
/// <param name="Wanted">What it should be; null when it is only to be shown.</param>
/// <param name="AtLeast">True when it should be that or more, false when that or less.</param>
internal sealed record Finding(string What, double Value, double? Wanted, bool AtLeast)
{
    /// <summary>Null when nothing is wanted of it.</summary>
    public bool? IsMet => Wanted is not { } wanted ? null : AtLeast ? Value >= wanted : Value <= wanted;
}
