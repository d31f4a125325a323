using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.LoadTests.Targets;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Redis;

/// <summary>The same features by one script in Redis, loaded once and called by its digest over a few pipelined connections.</summary>
internal sealed class RedisTarget : ITarget, IDisposable
{
    private const int Connections = 4;
    private readonly List<RedisConnection> _connections = [];
    private byte[] _digest = [];
    private byte[][] _commands = [];

    private RedisTarget()
    {
    }

    /// <inheritdoc/>
    public string Name => "redis";

    /// <summary>Connects and loads the script.</summary>
    public static async Task<RedisTarget> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var target = new RedisTarget();
        for (var i = 0; i < Connections; i++) target._connections.Add(await RedisConnection.OpenAsync(port, cancellationToken).ConfigureAwait(false));
        var stream = typeof(RedisTarget).Assembly.GetManifestResourceStream("observe.lua")!;
        await using (stream.ConfigureAwait(false))
        {
            using var reader = new StreamReader(stream);
            var script = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            target._digest = Encoding.ASCII.GetBytes(await target.AskAsync("SCRIPT", "LOAD", script).ConfigureAwait(false));
        }

        return target;
    }

    /// <inheritdoc/>
    public void Load(Shot[] shots) => _commands = [.. shots.Select(s => CommandOf(s.Input))];

    /// <inheritdoc/>
    public async ValueTask<Answer> SendAsync(int shot)
    {
        try
        {
            return await _connections[shot % Connections].SendAsync(_commands[shot]).ConfigureAwait(false) == ":1" ? Answer.Live : Answer.Duplicate;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return Answer.Failed;
        }
    }

    /// <summary>Sends any other command.</summary>
    public Task<string> AskAsync(params string[] parts) => _connections[0].SendAsync(RedisConnection.Command([.. parts.Select(Encoding.UTF8.GetBytes)]));

    /// <summary>The bytes that Redis says the keys of an account take, fingerprints not among them.</summary>
    public async Task<long> BytesOfAsync(AccountId account)
    {
        long bytes = 0;
        var key = KeyOf(account);
        foreach (var suffix in (string[])["", "9", "10", "11"])
        {
            var answer = await _connections[0].SendAsync(RedisConnection.Command("MEMORY"u8.ToArray(), "USAGE"u8.ToArray(), [.. key, .. Encoding.ASCII.GetBytes(suffix)], "SAMPLES"u8.ToArray(), "0"u8.ToArray())).ConfigureAwait(false);
            if (answer.StartsWith(':')) bytes += long.Parse(answer.AsSpan(1), CultureInfo.InvariantCulture);
        }

        return bytes;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private byte[] CommandOf(in AccountInput input)
    {
        var request = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(request, input.Request);
        var template = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(template, (uint)input.Sketch[0]);
        List<byte[]> parts =
        [
            "EVALSHA"u8.ToArray(), _digest, "1"u8.ToArray(), KeyOf(input.Account), Number(input.Time), request, Number(Math.Max(0, input.InputTokens)), Number(Math.Max(0, input.OutputTokens)),
            Number(input.Status >= 400 ? 1 : 0), template, Encoding.UTF8.GetBytes(input.Capability ?? ""), Bytes(input.Account.Value),
        ];
        AddValues(parts, input);
        return RedisConnection.Command([.. parts]);
    }

    // First those that are counted as distinct: address, network, client.
    private static void AddValues(List<byte[]> parts, in AccountInput input)
    {
        Add(parts, 'i', input.Ip);
        Add(parts, 'a', input.Asn);
        Add(parts, 'j', input.Ja4);
        Add(parts, 'x', input.Prefix);
        Add(parts, 'u', input.UserAgent);
        Add(parts, 'p', input.Payment);
        Add(parts, 'd', input.Device);
        Add(parts, 'e', input.Email);
        for (var i = 0; i < TemplateSketch.Length; i++) Add(parts, 't', input.Sketch[i]);
    }

    private static void Add(List<byte[]> parts, char kind, UInt128 value)
    {
        if (value != 0) parts.Add([(byte)kind, .. Bytes(value)]);
    }

    private static byte[] KeyOf(AccountId account) => [(byte)'a', .. Bytes(account.Value)];

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }
}
