using System.Net;
using System.Net.Sockets;

namespace AccountGrains.Silo.Hosting;

/// <summary>Finds the address that a silo is known under.</summary>
internal static class SiloAddresses
{
    /// <summary>The address of a text that is one, or of a host name, IPv4 before IPv6; null when there is none.</summary>
    public static IPAddress? TryResolve(string text)
    {
        if (IPAddress.TryParse(text, out var address)) return address;
        try
        {
            return Dns.GetHostAddresses(text).OrderBy(a => a.AddressFamily).FirstOrDefault();
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
