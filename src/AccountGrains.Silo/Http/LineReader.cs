using System.Buffers;
using System.IO.Pipelines;
using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Http;

/// <summary>A line of a body.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Bytes">What stands in it, without its end.</param>
/// <param name="TooLong">True when it is longer than an observation can be; then the bytes are not kept.</param>
internal readonly record struct BodyLine(int Number, byte[] Bytes, bool TooLong)
{
    /// <summary>True when nothing stands in it.</summary>
    public bool IsBlank => !TooLong && Bytes.AsSpan().Trim(" \t"u8).IsEmpty;
}

/// <summary>Reads a body line by line, and never holds more of it than the longest line that is allowed.</summary>
internal sealed class LineReader(PipeReader body)
{
    private int _number;
    private bool _skipping;

    /// <summary>The next line; null at the end.</summary>
    public async ValueTask<BodyLine?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Take(buffer.Slice(0, end));
                body.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                var last = buffer.IsEmpty && !_skipping ? (BodyLine?)null : Take(buffer);
                body.AdvanceTo(buffer.End);
                return last;
            }

            // Room for a carriage return behind the longest observation.
            if (buffer.Length > ObservationReader.MaxBytes + 1) _skipping = true;
            body.AdvanceTo(_skipping ? buffer.End : buffer.Start, buffer.End);
        }
    }

    private BodyLine Take(ReadOnlySequence<byte> line)
    {
        var tooLong = _skipping || line.Length > ObservationReader.MaxBytes + 1;
        _skipping = false;
        var bytes = tooLong ? [] : line.ToArray();
        if (bytes.AsSpan().EndsWith("\r"u8)) bytes = bytes[..^1];
        return new BodyLine(++_number, bytes, tooLong || bytes.Length > ObservationReader.MaxBytes);
    }
}
