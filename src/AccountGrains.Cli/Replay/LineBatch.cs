using AccountGrains.Core.Door;

namespace AccountGrains.Cli.Replay;

/// <summary>Some consecutive lines, kept together so that the observations in them can be read on another thread.</summary>
internal sealed class LineBatch
{
    // A batch whose results are still a small object.
    private const int MaxLines = 128;
    private const int MaxBytes = 80_000;

    private readonly byte[] _bytes = new byte[MaxBytes];
    private readonly int[] _ends = new int[MaxLines];
    private readonly AccountInput[] _inputs = new AccountInput[MaxLines];
    private readonly ObservationError[] _errors = new ObservationError[MaxLines];

    private long _firstLine = 1;

    /// <summary>The number of lines.</summary>
    public int Count { get; private set; }

    /// <summary>How much of the file was read by the last of them, 0..1.</summary>
    public double Progress { get; set; }

    /// <summary>The number of the line at a place.</summary>
    public long NumberOf(int place) => _firstLine + place;

    /// <summary>Empties it for other lines.</summary>
    /// <param name="firstLine">The number of the first of them, from 1.</param>
    public LineBatch StartAt(long firstLine)
    {
        _firstLine = firstLine;
        Count = 0;
        return this;
    }

    /// <summary>Adds a line; false when there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == MaxLines || line.Length > MaxBytes - start) return false;
        line.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + line.Length;
        return true;
    }

    /// <summary>Reads the observations in all lines.</summary>
    public LineBatch Read(DoorContext door)
    {
        var start = 0;
        for (var i = 0; i < Count; i++)
        {
            ObservationReader.TryRead(_bytes.AsSpan(start, _ends[i] - start), door, out _inputs[i], out _errors[i]);
            start = _ends[i];
        }

        return this;
    }

    /// <summary>What was read of the line at a place; false when it is no observation.</summary>
    public bool TryGet(int place, out AccountInput input, out ObservationError error)
    {
        input = _inputs[place];
        error = _errors[place];
        return error.Rule is null;
    }
}
