using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http.Views;
using Microsoft.Net.Http.Headers;

namespace AccountGrains.Silo.Http;

/// <summary>Takes observations and answers with verdicts.</summary>
internal static class ObservationEndpoints
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    /// <summary>Maps <c>POST /v1/observations</c>.</summary>
    public static void MapObservations(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/observations", ObserveAsync)
        .WithName(ObservationSchema.Operation).WithTags("observations")
        .WithSummary("Takes one observation (application/json) and answers with the verdict, or many (application/x-ndjson, streamed), one line each, in order.")
        .Produces<VerdictView>(StatusCodes.Status200OK, "application/json", "application/x-ndjson")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<IResult> ObserveAsync(HttpContext http, FrontDoor door)
    {
        if (Is(http.Request.ContentType, Json)) return await OneAsync(http, door).ConfigureAwait(false);
        if (!Is(http.Request.ContentType, Lines)) return Problems.MediaType();
        BodyReader.Unlimit(http);
        await new NdjsonExchange(door, http).RunAsync().ConfigureAwait(false);
        return TypedResults.Empty;
    }

    private static async Task<IResult> OneAsync(HttpContext http, FrontDoor door)
    {
        var (arrival, error) = await BodyReader.ReadAsync(http, door.Read, (null, Problems.TooLarge)).ConfigureAwait(false);
        if (arrival is not { } arrived) return TypedResults.Problem(Problems.Observation(error));
        return new VerdictResult(await door.AnswerAsync(arrived, door.PassAsync(arrived)).ConfigureAwait(false));
    }

    private static bool Is(string? contentType, string wanted) => contentType == wanted
        || (MediaTypeHeaderValue.TryParse(contentType, out var parsed) && parsed.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase));
}
