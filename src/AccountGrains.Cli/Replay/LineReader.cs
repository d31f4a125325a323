using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace AccountGrains.Cli.Replay;

/// <summary>Reads the lines of a file of recorded observations, also of a compressed one. A line that is too long is cut, and refused as such later.</summary>
internal sealed class LineReader : IAsyncDisposable
{
    /// <summary>One byte more than an observation may have.</summary>
    public const int MaxLine = (64 * 1024) + 1;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly PipeReader _reader;
    private byte[] _line = new byte[4096];
    private bool _tooLong;

    // Without it, the platform takes an archive that is cut off for one that ends there.
    static LineReader() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public LineReader(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan | FileOptions.Asynchronous);
        Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(_file, CompressionMode.Decompress) : _file;
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 18));
    }

    /// <summary>How much of the file was read, 0..1.</summary>
    public double Progress => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>The current line without its end.</summary>
    public ReadOnlyMemory<byte> Line => _line.AsMemory(0, Length);

    private int Length { get; set; }

    /// <summary>Goes to the next line; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        Length = 0;
        _tooLong = false;
        while (true)
        {
            var result = await ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var end = buffer.PositionOf((byte)'\n');
            if (end is { } position)
            {
                Append(buffer.Slice(0, position));
                _reader.AdvanceTo(buffer.GetPosition(1, position));
                TrimReturn();
                return true;
            }

            Append(buffer);
            var isEnd = result.IsCompleted;
            var any = Length > 0 || _tooLong;
            _reader.AdvanceTo(buffer.End);
            if (!isEnd) continue;
            TrimReturn();
            return any;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync().ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException failure)
        {
            throw new CommandException($"{_path} cannot be unpacked: it is no gzip file, or is damaged, or is cut off.", inner: failure);
        }
    }

    private void Append(ReadOnlySequence<byte> bytes)
    {
        var room = MaxLine - Length;
        if (bytes.Length > room)
        {
            bytes = bytes.Slice(0, room);
            _tooLong = true;
        }

        var needed = Length + (int)bytes.Length;
        if (needed > _line.Length) Array.Resize(ref _line, Math.Min(MaxLine, Math.Max(needed, _line.Length * 2)));
        bytes.CopyTo(_line.AsSpan(Length));
        Length = needed;
    }

    private void TrimReturn()
    {
        if (Length > 0 && _line[Length - 1] == '\r') Length--;
    }
}
