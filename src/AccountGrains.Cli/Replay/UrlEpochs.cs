using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AccountGrains.Cli.Management;

namespace AccountGrains.Cli.Replay;

/// <summary>Closes a server's epochs, as long as the server lets others do that.</summary>
internal sealed class UrlEpochs(ManagementClient server, Action<string> warn)
{
    /// <summary>False once the server said that it closes its epochs itself.</summary>
    public bool AreOurs { get; private set; } = true;

    /// <summary>Correlation calls that the server says were not acknowledged.</summary>
    public long Resent { get; private set; }

    public async Task CloseAsync(string until, CancellationToken cancellationToken)
    {
        if (!AreOurs) return;
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/epochs") { Content = JsonContent.Create(new { until }) };
        using var response = await server.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Conflict)
        {
            AreOurs = false;
            warn("The server closes its epochs by its own clock (Epoch:Mode=Live): it decides at other times in each replay, and finds little in a trace that passes within seconds. Only a server with Epoch:Mode=Manual and an empty store repeats a replay.");
            return;
        }

        await server.EnsureAsync(response, cancellationToken).ConfigureAwait(false);
        Resent += ResentIn(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
    }

    private static long ResentIn(string answer)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(answer);
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("resent", out var resent) && resent.TryGetInt64(out var count) ? count : 0;
        }
        catch (JsonException failure)
        {
            throw new CommandException("The server's answer to the end of an epoch is not JSON: is it an AccountGrains server?", inner: failure);
        }
    }
}
