using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http.Views;
using Microsoft.Net.Http.Headers;

namespace AccountGrains.Silo.Http;

/// <summary>Takes observations and answers with verdicts.</summary>
internal static class ObservationEndpoints
{
    /// <summary>Maps <c>POST /v1/observations</c>.</summary>
    public static void MapObservations(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/observations", ObserveAsync)
        .WithName(ObservationSchema.Operation).WithTags("observations")
        .WithSummary("Takes one observation (application/json) and answers with the verdict, or many (application/x-ndjson, streamed), one line each, in order.")
        .Produces<VerdictView>(StatusCodes.Status200OK, "application/json", "application/x-ndjson")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<IResult> ObserveAsync(HttpContext http, FrontDoor door)
    {
        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var parsed) ? parsed.MediaType : default;
        if (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return await OneAsync(http, door).ConfigureAwait(false);
        if (!type.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)) return Problems.MediaType();
        BodyReader.Unlimit(http);
        await new NdjsonExchange(door, http).RunAsync().ConfigureAwait(false);
        return TypedResults.Empty;
    }

    private static async Task<IResult> OneAsync(HttpContext http, FrontDoor door)
    {
        var body = await BodyReader.ReadAsync(http).ConfigureAwait(false);
        var error = Problems.TooLarge;
        if (body is null || !door.TryRead(body, out var arrival, out error)) return TypedResults.Problem(Problems.Observation(error));
        return TypedResults.Ok(await door.AnswerAsync(arrival, door.PassAsync(arrival)).ConfigureAwait(false));
    }
}
