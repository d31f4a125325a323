using AccountGrains.Abstractions;
using Orleans.Serialization;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// Serializes what is stored. An envelope that cannot be read is given as one whose payload cannot be: the grain then keeps it under another name
/// (<see cref="Unreadable"/>) and goes on, whatever the store, instead of failing at each activation.
/// </summary>
internal sealed class RecordSerializer(IGrainStorageSerializer inner) : IGrainStorageSerializer
{
    // No stored form begins with this; what follows is what was stored.
    private const byte NoSchema = 0;

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => inner.Serialize(input);

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input)
    {
        try
        {
            return inner.Deserialize<T>(input);
        }
        catch (Exception e) when (typeof(T) == typeof(StoredRecord) && e is not (CodecNotFoundException or OutOfMemoryException))
        {
            return (T)(object)new StoredRecord { Payload = [NoSchema, .. input.ToMemory().Span] };
        }
    }
}
