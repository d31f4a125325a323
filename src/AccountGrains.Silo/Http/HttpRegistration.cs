using System.Diagnostics.Metrics;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Http.Views;
using Microsoft.AspNetCore.OpenApi;
using OpenTelemetry.Metrics;

namespace AccountGrains.Silo.Http;

/// <summary>Puts the HTTP surface before a silo.</summary>
internal static class HttpRegistration
{
    // Those that there are by default are meant for milliseconds.
    private static readonly ExplicitBucketHistogramConfiguration Seconds = new() { Boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };

    /// <summary>Adds what the endpoints need.</summary>
    public static WebApplicationBuilder AddTrackerHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyReader.Limit;
        });
        builder.Services.ConfigureHttpJsonOptions(o => Json.Configure(o.SerializerOptions));
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<FailureHandler>();
        builder.Services.AddOpenApi("v1", o =>
        {
            o.CreateSchemaReferenceId = type => type.Type == typeof(AccountName) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            o.AddOperationTransformer(ObservationSchema.AddAsync).AddSchemaTransformer(ObservationSchema.NameAsync).AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "AccountGrains";
                return Task.CompletedTask;
            });
        });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Microsoft.Orleans", "AccountGrains").AddView(instrument => instrument is Histogram<double> { Unit: "s" } ? Seconds : null).AddPrometheusExporter());

        // These write down paths, and with them account names and addresses.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        return builder;
    }

    /// <summary>Maps all endpoints.</summary>
    public static WebApplication MapTrackerHttp(this WebApplication app)
    {
        app.Use(next => WithLog(next, app.Services.GetRequiredService<ILogger<WebApplication>>()));
        app.UseExceptionHandler();
        app.UseWhen(MayLackABody, pages => pages.UseStatusCodePages());
        app.MapObservations();
        app.MapAccounts();
        app.MapFingerprints();
        app.MapCampaigns();
        app.MapDecisions();
        app.MapEpochs();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    /// <summary>All but observations, whose every answer has a body: looking for one that has none costs a task for each request.</summary>
    private static bool MayLackABody(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName != ObservationSchema.Operation;

    /// <summary>Costs nothing while nobody listens.</summary>
    private static RequestDelegate WithLog(RequestDelegate next, ILogger logger) => http => logger.IsEnabled(LogLevel.Debug) ? LoggedAsync(next, logger, http) : next(http);

    private static async Task LoggedAsync(RequestDelegate next, ILogger logger, HttpContext http)
    {
        await next(http).ConfigureAwait(false);
        Log.Answered(logger, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no route", http.Response.StatusCode);
    }
}
