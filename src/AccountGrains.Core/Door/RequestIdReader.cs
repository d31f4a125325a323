using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AccountGrains.Core.Door;

/// <summary>Finds the request id in an observation that was read before: behind the door there is only its keyed hash, and the answer repeats the id itself.</summary>
public static class RequestIdReader
{
    /// <summary>The request id, null where there is none.</summary>
    public static string? Find(ReadOnlySpan<byte> utf8Json)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(FieldReader.ScratchBytes);
        try
        {
            var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = 64 });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isRequestId = FieldReader.TryUnescape(ref reader, scratch, out var name) && ObservationFields.Find(name) == ObservationField.RequestId;
                reader.Read();
                if (isRequestId) return FieldReader.TryUnescape(ref reader, scratch, out var text) && !text.IsEmpty ? Encoding.UTF8.GetString(text) : null;
                reader.Skip();
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
