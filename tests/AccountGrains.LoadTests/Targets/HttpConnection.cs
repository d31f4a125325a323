using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AccountGrains.LoadTests.Targets;

/// <summary>
/// One keep-alive connection with one request at a time. It does as little as HTTP/1.1 allows, so that on a machine that client and server share the
/// server is measured and not the client.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LastChunk = "\r\n0\r\n\r\n"u8.ToArray();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>Opens a connection to a port of this machine.</summary>
    public static async Task<HttpConnection> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var connection = new HttpConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
        return connection;
    }

    /// <summary>The bytes of a request with a body of JSON.</summary>
    public static byte[] Post(string path, byte[] json) =>
        [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"), .. json];

    /// <summary>Sends a request and gives the answer's bytes, which stay until the next.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(byte[] request)
    {
        await _socket.SendAsync(request, SocketFlags.None).ConfigureAwait(false);
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), SocketFlags.None).ConfigureAwait(false);
            if (read == 0) throw new IOException("The server closed the connection.");
            length += read;
            if (IsWhole(_buffer.AsSpan(0, length))) return _buffer.AsMemory(0, length);
            if (length == _buffer.Length) throw new IOException("The answer is longer than a verdict.");
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf(HeadEnd);
        if (head < 0) return false;
        var field = answer[..head].IndexOf("Content-Length: "u8);
        if (field < 0) return answer.EndsWith(LastChunk);
        var digits = answer[(field + 16)..];
        var length = 0;
        for (var i = 0; digits[i] is >= (byte)'0' and <= (byte)'9'; i++) length = (length * 10) + digits[i] - '0';
        return answer.Length >= head + HeadEnd.Length + length;
    }
}
