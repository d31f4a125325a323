using System.Net;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.Silo.Http;

/// <summary>Where the silo listens. Operators have no accounts yet: it stays on loopback unless it is told otherwise.</summary>
internal static class ListenAddresses
{
    /// <summary>Where it listens when nothing is configured.</summary>
    public const string Default = "http://localhost:8080";

    /// <summary>The configured addresses; refuses any beyond loopback unless that is allowed.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration, bool allowRemote)
    {
        string[] configured = [.. Split(configuration["urls"]), .. Ports(configuration["http_ports"], "http"), .. Ports(configuration["https_ports"], "https"),
            .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>()];
        var remote = configured.FirstOrDefault(url => !IsLoopback(url));
        if (remote is not null && !allowRemote)
        {
            throw new StartRefusedException(
                $"The silo would listen on {remote}, which others can reach, and operators have no accounts yet. Use a loopback address, or set "
                + $"{TrackerOptions.Section}:AllowRemote=true if something else keeps strangers away.");
        }

        return configured;
    }

    /// <summary>The ports that addresses need, those of the default address when there are none; a port of 0 is any.</summary>
    public static IEnumerable<int> Ports(IReadOnlyList<string> addresses) =>
        (addresses.Count == 0 ? [Default] : addresses).Select(BindingAddress.Parse).Where(a => !a.IsUnixPipe && !a.IsNamedPipe && a.Port != 0).Select(a => a.Port).Distinct();

    private static string[] Split(string? urls) => (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Ports(string? ports, string scheme) => Split(ports).Select(port => $"{scheme}://*:{port}");

    private static bool IsLoopback(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw new StartRefusedException($"--urls (ASPNETCORE_URLS) has '{url}', which is no address such as {Default}.", e);
        }

        return address.IsUnixPipe || address.IsNamedPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
