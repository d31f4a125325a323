namespace AccountGrains.Core.Sketches;

/// <summary>A secret 128-bit key of a 64-bit keyed hash.</summary>
/// <param name="First">The lower half.</param>
/// <param name="Second">The upper half.</param>
public readonly record struct SipKey(ulong First, ulong Second);
