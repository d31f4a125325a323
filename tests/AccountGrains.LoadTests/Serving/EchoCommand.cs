using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AccountGrains.LoadTests.Serving;

/// <summary>What HTTP alone costs: an endpoint that parses an observation into an object, and gives a constant answer as long as a verdict.</summary>
internal static class EchoCommand
{
    /// <summary>Serves until it is told to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, EchoJson.Default));
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            app.MapPost("/v1/observations", (EchoObservation observation) => TypedResults.Ok(EchoAnswer.Constant));
            app.MapGet("/healthz/ready", () => TypedResults.Ok());
            app.MapSample(null);
            await app.RunAsync().ConfigureAwait(false);
        }

        return 0;
    }
}
