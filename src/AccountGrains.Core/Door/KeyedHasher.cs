using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AccountGrains.Core.Door;

/// <summary>HMAC-SHA256 under one key, cut to 128 bits. Each thread finds its own hasher nearly always.</summary>
internal sealed class KeyedHasher(byte[] key)
{
    private const int Slots = 64;

    private readonly IncrementalHash?[] _idle = new IncrementalHash?[Slots];

    /// <summary>The id of a value of a kind.</summary>
    public UInt128 Id(byte kind, ReadOnlySpan<byte> value)
    {
        ref var slot = ref _idle[Environment.CurrentManagedThreadId % Slots];
        var hasher = Interlocked.Exchange(ref slot, null) ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> message = value.Length < FingerprintValue.MaxBytes ? stackalloc byte[value.Length + 1] : new byte[value.Length + 1];
        message[0] = kind;
        value.CopyTo(message[1..]);
        hasher.AppendData(message);
        hasher.GetHashAndReset(hash);
        Volatile.Write(ref slot, hasher);

        // 0 stands for no id, and is as likely as any other value.
        var id = BinaryPrimitives.ReadUInt128BigEndian(hash);
        return id == UInt128.Zero ? UInt128.One : id;
    }
}
