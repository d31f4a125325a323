using System.Buffers;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Door;
using Microsoft.Net.Http.Headers;

namespace AccountGrains.Silo.Http;

/// <summary>
/// Answers observations. Made once for all requests, and writes the answers itself: what a framework would make for each (a scope of services, a result,
/// a token, a task for each layer) costs as much as the reading of the observation.
/// </summary>
/// <param name="services">Where the door is, from the first request on.</param>
internal sealed class ObservationHandler(IServiceProvider services)
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private readonly Lazy<Entrance> _entrance = new(() => new Entrance(services.GetRequiredService<FrontDoor>()));

    /// <summary>Answers a request.</summary>
    public Task ObserveAsync(HttpContext http)
    {
        if (Is(http.Request.ContentType, Json)) return OneAsync(http, _entrance.Value);
        return Is(http.Request.ContentType, Lines) ? ManyAsync(http, _entrance.Value.Door) : Problems.MediaType().ExecuteAsync(http);
    }

    private static async Task OneAsync(HttpContext http, Entrance entrance)
    {
        var (arrival, error) = await BodyReader.ReadAsync(http, entrance.Read, (null, Problems.TooLarge)).ConfigureAwait(false);
        if (arrival is { } arrived) VerdictBody.Write(http.Response, await entrance.Door.AnswerAsync(arrived).ConfigureAwait(false));
        else await TypedResults.Problem(Problems.Observation(error)).ExecuteAsync(http).ConfigureAwait(false);
    }

    private static Task ManyAsync(HttpContext http, FrontDoor door)
    {
        BodyReader.Unlimit(http);
        return new NdjsonExchange(door, http).RunAsync();
    }

    private static bool Is(string? contentType, string wanted) => contentType == wanted
        || (MediaTypeHeaderValue.TryParse(contentType, out var parsed) && parsed.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase));

    /// <summary>The door, and how it reads.</summary>
    private sealed class Entrance(FrontDoor door)
    {
        public FrontDoor Door { get; } = door;

        public Func<ReadOnlySequence<byte>, (Arrival? Arrival, ObservationError Error)> Read { get; } = door.Read;
    }
}
