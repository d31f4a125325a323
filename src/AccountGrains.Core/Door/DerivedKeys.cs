using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Door;

/// <summary>The keys that one secret gives, each by HKDF-SHA256 under a label of its own: knowing one says nothing about the others.</summary>
internal static class DerivedKeys
{
    /// <summary>The fewest bytes that a secret may have.</summary>
    public const int MinSecretBytes = 16;

    public static byte[] Bytes(byte[] secret, string label, int length) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, salt: null, info: Encoding.UTF8.GetBytes("accountgrains/" + label + "/v1"));

    public static SipKey Sip(byte[] secret, string label)
    {
        var bytes = Bytes(secret, label, 16);
        return new SipKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)));
    }
}
