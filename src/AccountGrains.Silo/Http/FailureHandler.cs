using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;

namespace AccountGrains.Silo.Http;

/// <summary>Answers for calls that failed: 503 when a store or a silo is not there, else 500; never with a text of the exception.</summary>
internal sealed class FailureHandler : IExceptionHandler
{
    private const int RetryAfterSeconds = 5;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var status = exception is BadHttpRequestException bad ? bad.StatusCode
            : IsUnavailable(exception) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
        var title = status switch
        {
            StatusCodes.Status503ServiceUnavailable => "The store or a silo cannot be reached.",
            StatusCodes.Status500InternalServerError => "The call failed.",
            _ => "The call is not valid.",
        };
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await TypedResults.Problem(title: title, statusCode: status).ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    private static bool IsUnavailable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException or OrleansException or TimeoutException or IOException or ObjectDisposedException) return true;
        }

        return false;
    }
}
