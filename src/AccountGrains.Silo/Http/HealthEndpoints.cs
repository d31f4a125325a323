using AccountGrains.Silo.Correlation;

namespace AccountGrains.Silo.Http;

/// <summary>Says whether the process lives and whether it can serve.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/healthz/live</c> and <c>/healthz/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/healthz").WithTags("health");
        group.MapGet("/live", () => TypedResults.Text("live")).WithName("live").WithSummary("200 while the process lives.");
        group.MapGet("/ready", (IHostApplicationLifetime lifetime, SnapshotHolder snapshots) => IsReady(lifetime, snapshots)
                ? TypedResults.Text("ready")
                : TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable))
            .WithName("ready").WithSummary("200 from the moment that the silo serves until it stops, else 503.");
    }

    // The first snapshot is built when the silo is active, and the process has started when it is warm; a stop is known here before connections are closed.
    private static bool IsReady(IHostApplicationLifetime lifetime, SnapshotHolder snapshots) =>
        snapshots.Current.Version > 0 && lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
}
