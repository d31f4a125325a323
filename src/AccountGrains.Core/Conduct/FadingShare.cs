using AccountGrains.Core.States;

namespace AccountGrains.Core.Conduct;

/// <summary>The mean of a score of requests, in which a request's weight falls by a sixteenth with each later one; it begins with 0, so that few requests say little.</summary>
public struct FadingShare
{
    /// <summary>Bytes stored.</summary>
    public const int StoredSize = 2;

    private const double Step = 1.0 / 16;
    private ushort _units;

    /// <summary>The mean, 0..1.</summary>
    public readonly double Value => (double)_units / ushort.MaxValue;

    /// <summary>Counts a request's score, 0..1.</summary>
    public void Add(double score) => _units = (ushort)Math.Round(_units + (Step * ((Math.Clamp(score, 0, 1) * ushort.MaxValue) - _units)));

    internal readonly void Write(StateWriter writer) => writer.UInt16(_units);

    internal static FadingShare Read(ref StateReader reader) => new() { _units = reader.UInt16() };
}
