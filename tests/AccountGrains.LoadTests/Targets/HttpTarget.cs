using System.Net.Sockets;
using System.Threading.Channels;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Targets;

/// <summary>Single observations over HTTP on a fixed number of keep-alive connections: a call waits for one that is idle.</summary>
internal sealed class HttpTarget : ITarget, IDisposable
{
    private readonly Channel<HttpConnection> _idle = Channel.CreateUnbounded<HttpConnection>();
    private readonly List<HttpConnection> _connections = [];
    private readonly int _port;
    private byte[][] _requests = [];

    private HttpTarget(string name, int port)
    {
        Name = name;
        _port = port;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens so many connections.</summary>
    public static async Task<HttpTarget> ConnectAsync(string name, int port, int connections, CancellationToken cancellationToken)
    {
        var target = new HttpTarget(name, port);
        for (var i = 0; i < connections; i++) target.Keep(await HttpConnection.OpenAsync(port, cancellationToken).ConfigureAwait(false));
        return target;
    }

    /// <inheritdoc/>
    public void Load(Shot[] shots) => _requests = [.. shots.Select(s => HttpConnection.Post("/v1/observations", JsonForm.Of(s)))];

    /// <inheritdoc/>
    public async ValueTask<Answer> SendAsync(int shot)
    {
        var connection = await _idle.Reader.ReadAsync().ConfigureAwait(false);
        try
        {
            var answer = Of((await connection.SendAsync(_requests[shot]).ConfigureAwait(false)).Span);
            _idle.Writer.TryWrite(connection);
            return answer;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            connection.Dispose();
            _idle.Writer.TryWrite(await HttpConnection.OpenAsync(_port, CancellationToken.None).ConfigureAwait(false));
            return Answer.Failed;
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private void Keep(HttpConnection connection)
    {
        _connections.Add(connection);
        _idle.Writer.TryWrite(connection);
    }

    private static Answer Of(ReadOnlySpan<byte> answer)
    {
        if (answer.StartsWith("HTTP/1.1 503"u8) || answer.StartsWith("HTTP/1.1 429"u8)) return Answer.Refused;
        if (!answer.StartsWith("HTTP/1.1 200"u8)) return Answer.Failed;
        if (answer.IndexOf("\"state\":\"live\""u8) >= 0) return Answer.Live;
        return answer.IndexOf("\"state\":\"stale\""u8) >= 0 ? Answer.Stale : Answer.Fallback;
    }
}
