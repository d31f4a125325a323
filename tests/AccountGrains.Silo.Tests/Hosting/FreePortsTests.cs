using System.Net;
using System.Net.Sockets;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class FreePortsTests
{
    [Fact]
    public void Take_ManyAtOnce_GivesEachOnceAndBelowThoseOfConnections()
    {
        var ports = new int[300];

        Parallel.For(0, ports.Length, i => ports[i] = FreePorts.Take());

        Assert.Distinct(ports);
        Assert.All(ports, port => Assert.InRange(port, 12_000, 28_999));
    }

    [Fact]
    public void Take_OfATakenPort_GivesTheNext()
    {
        var before = FreePorts.Take();
        using var other = TryListen(before + 1);

        var after = FreePorts.Take();

        Assert.NotEqual(before + 1, after);
        using var listener = new TcpListener(IPAddress.Loopback, after);
        listener.Start();
    }

    /// <summary>Nothing when a test beside this one has it already: then it is not to be given either.</summary>
    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
