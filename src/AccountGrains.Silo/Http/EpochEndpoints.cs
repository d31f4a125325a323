using System.Buffers;
using System.Text.Json;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Http.Views;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Http;

/// <summary>Closes epochs by hand.</summary>
internal static class EpochEndpoints
{
    private const long Earliest = 946_684_800_000;
    private const long AheadOfTheClock = 86_400_000;

    /// <summary>Maps <c>POST /v1/epochs</c>.</summary>
    public static void MapEpochs(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/epochs", CloseAsync)
        .WithName("close-epoch").WithTags("epochs")
        .WithSummary("Closes the epoch, with Epoch:Mode=Manual only: returns when reports, then notices, then campaign changes have been delivered.")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<EpochView>, ProblemHttpResult>> CloseAsync(HttpContext http, EpochService epochs, TimeProvider clock, IOptions<TrackerOptions> options)
    {
        if (options.Value.Epoch.Mode != EpochMode.Manual)
        {
            return TypedResults.Problem(
                title: "Epochs end by the clock.", detail: $"{TrackerOptions.Section}:Epoch:Mode is Live; with Manual they end when asked.", statusCode: StatusCodes.Status409Conflict);
        }

        if (Until(await BodyReader.ReadAsync(http, static body => body.ToArray(), []).ConfigureAwait(false), clock) is not { } until) return Problems.Parameter("until", "must be there, {\"until\":\"2026-05-01T00:01:00Z\"}, from 2000 to one day ahead of the clock");
        return TypedResults.Ok(EpochView.Of(until, await epochs.CloseAsync(until).ConfigureAwait(false)));
    }

    private static long? Until(byte[] body, TimeProvider clock)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("until", out var until)) return null;
            if (until.ValueKind != JsonValueKind.String || !until.TryGetDateTimeOffset(out var time)) return null;
            var milliseconds = time.ToUnixTimeMilliseconds();
            return milliseconds >= Earliest && milliseconds <= clock.GetUtcNow().ToUnixTimeMilliseconds() + AheadOfTheClock ? milliseconds : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
