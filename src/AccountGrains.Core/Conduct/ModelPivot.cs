using AccountGrains.Core.States;

namespace AccountGrains.Core.Conduct;

/// <summary>How much an account went over to models that came out after it began: its requests to them today, and their share of its last day.</summary>
public struct ModelPivot
{
    /// <summary>Bytes stored.</summary>
    public const int StoredSize = 2 + 1;

    private ushort _today;
    private byte _share;

    /// <summary>The share of its last day's requests that went to them, 0..1.</summary>
    public readonly double Share => _share / (double)byte.MaxValue;

    /// <summary>Counts a request to such a model.</summary>
    public void Add()
    {
        if (_today < ushort.MaxValue) _today++;
    }

    /// <summary>Ends a day that had so many requests; one without any says nothing.</summary>
    public void EndDay(uint requests)
    {
        if (requests > 0) _share = (byte)Math.Round(Math.Min(1, _today / (double)requests) * byte.MaxValue);
        _today = 0;
    }

    internal readonly void Write(StateWriter writer)
    {
        writer.UInt16(_today);
        writer.Byte(_share);
    }

    internal static ModelPivot Read(ref StateReader reader) => new() { _today = reader.UInt16(), _share = reader.Byte() };
}
