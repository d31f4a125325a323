namespace AccountGrains.Core.Door;

/// <summary>What the door needs beside an observation.</summary>
/// <param name="Keys">Makes the ids.</param>
/// <param name="Labels">Keeps the labels.</param>
/// <param name="Now">The clock, in milliseconds since 1970.</param>
/// <param name="IsReplay">True for recorded traffic: every observation has its time, and any up to the year 2100 will do.</param>
public readonly record struct DoorContext(KeyRing Keys, LabelCache Labels, long Now, bool IsReplay = false);
