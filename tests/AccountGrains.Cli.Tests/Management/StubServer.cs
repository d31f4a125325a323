using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AccountGrains.Cli.Tests.Management;

/// <summary>A server on a port of its own that answers as it is told.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<StubServer> StartAsync(Action<IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StubServer(app);
    }

    /// <summary>An answer of this JSON.</summary>
    public static IResult Json(string json, int status = 200) => Results.Text(json, status < 400 ? "application/json" : "application/problem+json", statusCode: status);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
