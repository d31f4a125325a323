using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AccountGrains.Core.Door;

/// <summary>HMAC-SHA256 under one key, cut to 128 bits. Threads share the few hashers that they need at the same time.</summary>
internal sealed class KeyedHasher(byte[] key)
{
    private readonly ConcurrentBag<IncrementalHash> _idle = [];

    /// <summary>The id of a value of a kind.</summary>
    public UInt128 Id(byte kind, ReadOnlySpan<byte> value)
    {
        if (!_idle.TryTake(out var hasher)) hasher = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hasher.AppendData([kind]);
        hasher.AppendData(value);
        hasher.GetHashAndReset(hash);
        _idle.Add(hasher);

        // 0 stands for no id, and is as likely as any other value.
        var id = BinaryPrimitives.ReadUInt128BigEndian(hash);
        return id == UInt128.Zero ? UInt128.One : id;
    }
}
