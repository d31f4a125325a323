using System.Net;
using System.Net.Sockets;

namespace AccountGrains.Silo.Hosting;

/// <summary>Ports for silos and servers that a program starts for itself, on loopback.</summary>
/// <remarks>
/// They are below those that the system gives to connections, of which one could take a port between its choice and the start of who was to listen on it. So
/// that programs side by side do not choose the same, each claims blocks of ports by listening on their first one for as long as it runs.
/// </remarks>
internal sealed class FreePorts
{
    private const int First = 12_000;
    private const int Blocks = 170;
    private const int BlockLength = 100;
    private static readonly FreePorts OfThisProgram = new();
    private readonly Lock _gate = new();
    private readonly List<TcpListener> _claims = [];
    private int _next;
    private int _end;

    /// <summary>A port that nobody listens on, each only once.</summary>
    /// <exception cref="InvalidOperationException">Other programs listen on all of them.</exception>
    public static int Take() => OfThisProgram.Next();

    /// <summary>What <see cref="Take"/> gives, of blocks that this object claims.</summary>
    internal int Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_next == _end) ClaimBlock();
                var port = _next++;
                using var listener = TryListen(port);
                if (listener is not null) return port;
            }
        }
    }

    private void ClaimBlock()
    {
        for (var i = 0; i < Blocks; i++)
        {
            var first = First + ((Environment.ProcessId + i) % Blocks * BlockLength);
            if (TryListen(first) is not { } claim) continue;
            _claims.Add(claim);
            (_next, _end) = (first + 1, first + BlockLength);
            return;
        }

        throw new InvalidOperationException($"Ports {First} to {First + (Blocks * BlockLength) - 1} are all in use. Stop other programs that listen on them.");
    }

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
