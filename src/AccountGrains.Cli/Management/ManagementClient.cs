using System.Globalization;
using System.Net;
using System.Text.Json;

namespace AccountGrains.Cli.Management;

/// <summary>Asks a running server. What goes wrong becomes a <see cref="CommandException"/> that says what to do.</summary>
internal sealed class ManagementClient : IDisposable
{
    private readonly string _url;
    private readonly HttpClient _http;

    public ManagementClient(string url)
    {
        _url = url.TrimEnd('/');
        var address = new Uri(_url + "/");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !address.IsLoopback }) { BaseAddress = address };
    }

    /// <summary>Gets a resource as JSON; null when there is none.</summary>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        await EnsureAsync(response, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            return await ReadJsonAsync(body, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gets a resource as JSON; fails with the given message when there is none.</summary>
    public async Task<JsonElement> GetAsync(string path, string notFound, CancellationToken cancellationToken) =>
        await FindAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new CommandException(notFound);

    /// <summary>Gets every page of a list.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var next = Query(path, ("limit", "200"), ("cursor", cursor));
            var page = Page.Of(await GetAsync(next, $"The server at {_url} has no {path}.", cancellationToken).ConfigureAwait(false));
            foreach (var item in page.Items) yield return item.Deserialize<T>(Silo.Http.Views.Json.Line)!;
            cursor = page.Items.Count == 0 || page.Cursor == cursor ? null : page.Cursor;
        }
        while (cursor is not null);
    }

    /// <summary>Sends a request; returns once the answer's head is there. A server that cannot be reached fails the command.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"No server answers at {_url}. Start one with 'dotnet run -c Release --project src/AccountGrains.Silo', or name another with --url.", inner: failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"The server at {_url} did not answer in {_http.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. Its log says why.", inner: failure);
        }
    }

    /// <summary>Fails with what the server said about an answer that is none.</summary>
    public async Task EnsureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new CommandException($"The server at {_url} answered {(int)response.StatusCode}: {Problem.Of(text)}");
    }

    /// <summary>A path with those of the values that are there as its query.</summary>
    public static string Query(string path, params (string Name, string? Value)[] values)
    {
        var given = values.Where(v => v.Value is not null).Select(v => $"{v.Name}={Uri.EscapeDataString(v.Value!)}");
        var query = string.Join('&', given);
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(body, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException failure)
        {
            throw new CommandException($"What answers at {_url} is not JSON: is it an AccountGrains server?", inner: failure);
        }
    }
}
