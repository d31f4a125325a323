using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;

namespace AccountGrains.Silo.Http;

/// <summary>Answers for calls that failed: 503 when a store or a silo is not there, else 500; never with a text of the exception.</summary>
internal sealed class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
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
        if (status >= StatusCodes.Status500InternalServerError) Log.Failed(logger, httpContext.Request.Method, RouteOf(httpContext), status, exception);
        if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await TypedResults.Problem(title: title, statusCode: status).ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    // The exception handler has taken the endpoint away by now; a path would show account names.
    private static string RouteOf(HttpContext http) =>
        (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route";

    private static bool IsUnavailable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException or OrleansException or TimeoutException or IOException or ObjectDisposedException) return true;
        }

        return false;
    }
}
