using System.Buffers;
using AccountGrains.Core.Door;
using Microsoft.AspNetCore.Http.Features;

namespace AccountGrains.Silo.Http;

/// <summary>Reads a body that is one JSON text.</summary>
internal static class BodyReader
{
    /// <summary>The most bytes of such a body that the server reads: one more than an observation can have.</summary>
    public const int Limit = ObservationReader.MaxBytes + 1;

    /// <summary>The body; null when it is longer than an observation can be.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > ObservationReader.MaxBytes) return TooLong(http);
        var reader = http.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(http.RequestAborted).ConfigureAwait(false);
                var tooLong = read.Buffer.Length > ObservationReader.MaxBytes;
                var body = tooLong || !read.IsCompleted ? null : read.Buffer.ToArray();
                reader.AdvanceTo(body is null && !tooLong ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
                if (tooLong) return TooLong(http);
                if (body is not null) return body;
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLong(http);
        }
    }

    /// <summary>Lets the body be of any length, for one that is read line by line.</summary>
    public static void Unlimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
    }

    // The server does not read the rest, and so has to give the connection up: the caller is told, or its next call would fail.
    private static byte[]? TooLong(HttpContext http)
    {
        http.Response.Headers.Connection = "close";
        return null;
    }
}
