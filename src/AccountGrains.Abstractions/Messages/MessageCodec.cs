using System.Buffers;
using AccountGrains.Core.States;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace AccountGrains.Abstractions.Messages;

/// <summary>Writes a <see cref="Message{T}"/> as one field of bytes, a schema byte first.</summary>
/// <typeparam name="T">The message.</typeparam>
[RegisterSerializer]
public sealed class MessageCodec<T> : IFieldCodec<Message<T>>
    where T : IMessage<T>
{
    private const byte Schema = 1;
    private const int MostOnStack = 1024;
    private const int Longest = 128 * 1024 * 1024;

    /// <inheritdoc/>
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Message<T>? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType!, value)) return;

        var state = ThreadWriter.Take();
        state.Byte(Schema);
        value!.Value.Write(state);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(Message<T>), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)state.Length);
        writer.Write(state.Written);
        ThreadWriter.Return(state);
    }

    /// <inheritdoc/>
    public Message<T> ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<Message<T>, TInput>(ref reader, field)!;
        var length = reader.ReadVarUInt32();
        var message = length <= MostOnStack ? ReadShort(ref reader, (int)length) : ReadLong(ref reader, length);
        ReferenceCodec.RecordObject(reader.Session, message);
        return message;
    }

    private static Message<T> ReadShort<TInput>(ref Reader<TInput> reader, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        reader.ReadBytes(bytes);
        return Read(bytes);
    }

    private static Message<T> ReadLong<TInput>(ref Reader<TInput> reader, uint length)
    {
        if (length > Longest) throw new InvalidDataException($"A message of {length} bytes is longer than any that is sent.");
        var rented = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var bytes = rented.AsSpan(0, (int)length);
            reader.ReadBytes(bytes);
            return Read(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Message<T> Read(ReadOnlySpan<byte> bytes)
    {
        var state = new StateReader(bytes);
        var schema = state.Byte();
        if (schema != Schema) throw new InvalidDataException($"A message of schema {schema} cannot be read.");
        return new Message<T>(T.Read(ref state));
    }
}

/// <summary>Messages are immutable: a copy is the message itself.</summary>
/// <typeparam name="T">The message.</typeparam>
[RegisterCopier]
public sealed class MessageCopier<T> : IDeepCopier<Message<T>>, IOptionalDeepCopier
    where T : IMessage<T>
{
    /// <inheritdoc/>
    public bool IsShallowCopyable() => true;

    /// <inheritdoc/>
    public Message<T>? DeepCopy(Message<T>? input, CopyContext context) => input;
}
