using System.Buffers;
using AccountGrains.Abstractions;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// Serializes what is stored. An envelope that cannot be read is given as one whose payload cannot be: the grain then keeps it under another name
/// (<see cref="Unreadable"/>) and goes on, whatever the store, instead of failing at each activation.
/// </summary>
/// <param name="inner">Reads envelopes.</param>
/// <param name="writer">Writes them, in the form that <paramref name="inner"/> reads; that itself would leave four times their size behind.</param>
/// <param name="throws">What cannot be read throws instead, for a store that keeps it aside by itself.</param>
internal sealed class RecordSerializer(OrleansGrainStorageSerializer inner, Serializer writer, bool throws = false) : IGrainStorageSerializer
{
    private const int AtFirst = 4 * 1024;
    private const int MostKept = 512 * 1024;

    // No stored form begins with this: there is no schema 255, and no list, generation or count is below zero. What follows is what was stored.
    private static readonly byte[] NoForm = [255, 255, 255, 255, 255, 255, 255, 255];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input)
    {
        var written = Write(input);
        var bytes = written.WrittenSpan.ToArray();
        Keep(written);
        return new BinaryData(bytes);
    }

    /// <summary>The same in an array of a pool, for the caller to return to it.</summary>
    public ArraySegment<byte> Serialize<T>(T? input, ArrayPool<byte> pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var written = Write(input);
        var bytes = new ArraySegment<byte>(pool.Rent(written.WrittenCount), 0, written.WrittenCount);
        written.WrittenSpan.CopyTo(bytes);
        Keep(written);
        return bytes;
    }

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input)
    {
        try
        {
            var read = inner.Deserialize<T>(input);
            return read is StoredRecord { Payload: not { Length: > 0 } } ? throw new InvalidDataException("A record without a payload was never stored.") : read;
        }
        catch (Exception e) when (!throws && typeof(T) == typeof(StoredRecord) && e is not (CodecNotFoundException or OutOfMemoryException))
        {
            return (T)(object)new StoredRecord { Payload = [.. NoForm, .. input.ToMemory().Span] };
        }
    }

    private ArrayBufferWriter<byte> Write<T>(T? input)
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(AtFirst);

        // What fails leaves nothing behind for the next.
        _buffer = null;
        writer.Serialize(input, buffer);
        return buffer;
    }

    private static void Keep(ArrayBufferWriter<byte> written)
    {
        written.ResetWrittenCount();
        if (written.Capacity <= MostKept) _buffer = written;
    }
}
