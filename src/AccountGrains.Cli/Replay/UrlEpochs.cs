using System.Net;
using System.Net.Http.Json;
using AccountGrains.Cli.Management;

namespace AccountGrains.Cli.Replay;

/// <summary>Closes a server's epochs, as long as the server lets others do that.</summary>
internal sealed class UrlEpochs(ManagementClient server, Action<string> warn)
{
    /// <summary>False once the server said that it closes its epochs itself.</summary>
    public bool AreOurs { get; private set; } = true;

    public async Task CloseAsync(string until, CancellationToken cancellationToken)
    {
        if (!AreOurs) return;
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/epochs") { Content = JsonContent.Create(new { until }) };
        using var response = await server.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Conflict)
        {
            AreOurs = false;
            warn("The server closes its epochs by its own clock, so another replay may decide at other times. Only a server with Epoch:Mode=Manual and an empty store repeats a replay.");
            return;
        }

        await server.EnsureAsync(response, cancellationToken).ConfigureAwait(false);
    }
}
