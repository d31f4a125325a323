using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace AccountGrains.LoadTests.Redis;

/// <summary>A connection that pipelines: commands go out as they come, together with those that wait already, and answers are matched in their order.</summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly Channel<(byte[] Command, TaskCompletionSource<string> Answer)> _outgoing =
        Channel.CreateUnbounded<(byte[], TaskCompletionSource<string>)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ConcurrentQueue<TaskCompletionSource<string>> _waiting = new();
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RedisConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _ = WriteAsync();
        _ = ReadAsync();
    }

    /// <summary>Opens a connection to a port of this machine.</summary>
    public static async Task<RedisConnection> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
            return new RedisConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of a command.</summary>
    public static byte[] Command(params ReadOnlySpan<byte[]> parts)
    {
        using var stream = new MemoryStream();
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{parts.Length}\r\n")));
        foreach (var part in parts)
        {
            stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${part.Length}\r\n")));
            stream.Write(part);
            stream.Write("\r\n"u8);
        }

        return stream.ToArray();
    }

    /// <summary>Sends a command; gives the first line of the answer, or what a text of it says.</summary>
    public Task<string> SendAsync(byte[] command)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_outgoing.Writer.TryWrite((command, answer))) answer.SetException(new IOException("The connection is closed."));
        return answer.Task;
    }

    public void Dispose()
    {
        _outgoing.Writer.TryComplete();
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task WriteAsync()
    {
        var writer = PipeWriter.Create(_stream);
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_outgoing.Reader.TryRead(out var item))
                {
                    _waiting.Enqueue(item.Answer);
                    writer.Write(item.Command);
                    if (writer.UnflushedBytes > 32 * 1024) await writer.FlushAsync().ConfigureAwait(false);
                }

                await writer.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Break(e);
        }
    }

    private async Task ReadAsync()
    {
        var reader = PipeReader.Create(_stream);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync().ConfigureAwait(false);
                var buffer = read.Buffer;
                while (TryTake(ref buffer, out var answer))
                {
                    if (!_waiting.TryDequeue(out var waiting)) continue;
                    if (answer.StartsWith('-')) waiting.SetException(new InvalidDataException(answer));
                    else waiting.SetResult(answer);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Break(e);
        }
    }

    /// <summary>Takes one answer off the buffer: a line, or a text behind a line with its length.</summary>
    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out string answer)
    {
        answer = "";
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return false;
        answer = Encoding.ASCII.GetString(line);
        if (answer.StartsWith('$') && answer != "$-1")
        {
            var length = int.Parse(answer.AsSpan(1), CultureInfo.InvariantCulture);
            if (reader.Remaining < length + 2) return false;
            answer = Encoding.UTF8.GetString(buffer.Slice(reader.Position, length));
            reader.Advance(length + 2);
        }

        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private void Break(Exception cause)
    {
        while (_waiting.TryDequeue(out var waiting)) waiting.TrySetException(new IOException("The connection is closed.", cause));
    }
}
