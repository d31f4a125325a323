namespace AccountGrains.Silo.Correlation;

/// <summary>Bounds of this silo's correlation.</summary>
/// <param name="FirstSeenEntries">Entries of the first-seen table, 32 bytes each.</param>
internal sealed record CorrelationLimits(int FirstSeenEntries);
