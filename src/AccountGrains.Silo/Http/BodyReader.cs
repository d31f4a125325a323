using System.Buffers;
using AccountGrains.Core.Door;
using Microsoft.AspNetCore.Http.Features;

namespace AccountGrains.Silo.Http;

/// <summary>Reads a body that is one JSON text.</summary>
internal static class BodyReader
{
    /// <summary>The most bytes of such a body that the server reads: one more than an observation can have.</summary>
    public const int Limit = ObservationReader.MaxBytes + 1;

    /// <summary>
    /// Reads the body and has it taken as it lies in the server's buffer; what it is taken for, or <paramref name="tooLong"/> when it is longer than an observation can be.
    /// Without a token: the server ends the reading when the caller goes, and would make a token for each request that asks for one.
    /// </summary>
    public static async ValueTask<T> ReadAsync<T>(HttpContext http, Func<ReadOnlySequence<byte>, T> take, T tooLong)
    {
        if (http.Request.ContentLength > ObservationReader.MaxBytes) return TooLong(http, tooLong);
        var reader = http.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                if (read.Buffer.Length > ObservationReader.MaxBytes)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return TooLong(http, tooLong);
                }

                if (read.IsCompleted)
                {
                    var taken = take(read.Buffer);
                    reader.AdvanceTo(read.Buffer.End);
                    return taken;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLong(http, tooLong);
        }
    }

    /// <summary>Lets the body be of any length, for one that is read line by line.</summary>
    public static void Unlimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
    }

    // The server does not read the rest, and so has to give the connection up: the caller is told, or its next call would fail.
    private static T TooLong<T>(HttpContext http, T tooLong)
    {
        http.Response.Headers.Connection = "close";
        return tooLong;
    }
}
