using System.Buffers;
using System.Text.Json;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Silo.Http;

/// <summary>A verdict as the answer to a call, written in one piece with its length before it.</summary>
internal static class VerdictBody
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static Buffers? _buffers;

    /// <summary>Writes it; the server sends it when the request ends, which is next.</summary>
    public static void Write(HttpResponse response, VerdictView verdict)
    {
        var buffers = _buffers ?? new Buffers();

        // What cannot be written leaves nothing behind for the next.
        _buffers = null;
        JsonSerializer.Serialize(buffers.Json, verdict, Json.Line);
        buffers.Json.Flush();
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = buffers.Bytes.WrittenCount;
        response.BodyWriter.Write(buffers.Bytes.WrittenSpan);
        if (buffers.Bytes.Capacity > MostKept) return;
        buffers.Reset();
        _buffers = buffers;
    }

    private sealed class Buffers
    {
        public Buffers() => Json = new Utf8JsonWriter(Bytes, new JsonWriterOptions { Encoder = Views.Json.Line.Encoder, SkipValidation = true });

        public ArrayBufferWriter<byte> Bytes { get; } = new(512);

        public Utf8JsonWriter Json { get; }

        public void Reset()
        {
            Bytes.ResetWrittenCount();
            Json.Reset();
        }
    }
}
