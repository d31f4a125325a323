using Microsoft.AspNetCore.Http.Features;

namespace AccountGrains.Silo.Http;

/// <summary>The values of routes.</summary>
internal static class RouteValue
{
    /// <summary>
    /// The value at a path's end, decoded once. The server leaves the escape of a slash in a path and takes all others away, so that afterwards nobody
    /// knows whether a <c>%2F</c> stood for a slash or for itself: then what was sent tells.
    /// </summary>
    public static string Decode(HttpContext http, string value)
    {
        if (!value.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return value;
        var sent = Sent(http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "", value.Count(c => c == '/'));
        return AsTheServerDecodes(sent) == value ? Uri.UnescapeDataString(sent) : value;
    }

    /// <summary>The last segments of a path as it was sent: one more than the value has slashes.</summary>
    private static string Sent(string target, int slashes)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is var query and >= 0) path = path[..query];
        path = path.TrimEnd('/');
        var start = path.Length;
        for (var i = 0; i <= slashes && start > 0; i++) start = path[..start].LastIndexOf('/');
        return path[(start + 1)..].ToString();
    }

    private static string AsTheServerDecodes(string sent) =>
        Uri.UnescapeDataString(sent.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));
}
