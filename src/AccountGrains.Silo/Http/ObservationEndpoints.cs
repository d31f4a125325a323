using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Silo.Http;

/// <summary>Takes observations and answers with verdicts.</summary>
internal static class ObservationEndpoints
{
    /// <summary>Maps <c>POST /v1/observations</c>.</summary>
    public static void MapObservations(this IEndpointRouteBuilder routes)
    {
        // Not a RequestDelegate, which would leave the endpoint out of the OpenAPI document.
        var handler = new ObservationHandler(routes.ServiceProvider);
        Delegate observe = (HttpContext http) => handler.ObserveAsync(http);
        routes.MapPost("/v1/observations", observe)
            .WithName(ObservationSchema.Operation).WithTags("observations")
            .WithSummary("Takes one observation (application/json) and answers with the verdict, or many (application/x-ndjson, streamed), one line each, in order.")
            .Produces<VerdictView>(StatusCodes.Status200OK, "application/json", "application/x-ndjson")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }
}
