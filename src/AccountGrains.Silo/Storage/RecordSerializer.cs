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
    private const int MostKept = 256 * 1024;

    // No stored form begins with this: there is no schema 255, and no list, generation or count is below zero. What follows is what was stored.
    private static readonly byte[] NoForm = [255, 255, 255, 255, 255, 255, 255, 255];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input)
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(AtFirst);

        // What fails leaves nothing behind for the next.
        _buffer = null;
        Serialize(input, buffer);
        var bytes = buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        if (buffer.Capacity <= MostKept) _buffer = buffer;
        return new BinaryData(bytes);
    }

    /// <summary>The same, behind what was written before.</summary>
    public void Serialize<T>(T? input, IBufferWriter<byte> output) => writer.Serialize(input, output);

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
}
