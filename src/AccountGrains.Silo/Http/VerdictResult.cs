using System.Buffers;
using System.Text.Json;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Silo.Http;

/// <summary>A verdict as the answer to a call, written in one piece with its length before it.</summary>
internal sealed class VerdictResult(VerdictView verdict) : IResult, IStatusCodeHttpResult, IValueHttpResult<VerdictView>
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static Buffers? _buffers;

    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc/>
    public VerdictView? Value => verdict;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var buffers = _buffers ??= new Buffers();
        JsonSerializer.Serialize(buffers.Json, verdict, Json.Line);
        buffers.Json.Flush();
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = buffers.Bytes.WrittenCount;
        httpContext.Response.BodyWriter.Write(buffers.Bytes.WrittenSpan);
        if (buffers.Bytes.Capacity > MostKept) _buffers = null;
        else buffers.Reset();
        return httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted).AsTask();
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
