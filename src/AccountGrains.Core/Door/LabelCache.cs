using System.Security.Cryptography;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>
/// Gives equal labels (models, plans, capabilities) one string, for as many of them as it has room. A label is kept in at most 64 bytes of UTF-8: of a
/// longer one the start, and a hash that tells it from others with that start. So the cache, and all that labels are kept in, is bounded in bytes.
/// </summary>
public sealed class LabelCache(KeyRing keys, int capacity = LabelCache.DefaultCapacity)
{
    /// <summary>How many labels a cache holds unless told otherwise.</summary>
    public const int DefaultCapacity = 4_096;

    /// <summary>The most bytes of UTF-8 that a label is kept in.</summary>
    public const int MaxBytes = 64;

    private const int HashBytes = 4;
    private const int StartBytes = MaxBytes - (2 * HashBytes) - 1;

    private readonly WarmTable _labels = new(keys.WarmKey, capacity);

    /// <summary>The label with these bytes of UTF-8.</summary>
    internal string Intern(ReadOnlySpan<byte> utf8)
    {
        Span<byte> shorter = stackalloc byte[MaxBytes];
        var kept = utf8.Length > MaxBytes ? shorter[..Shorten(utf8, shorter)] : utf8;
        var known = _labels.Find(0, kept, out var tag);
        if (known is null)
        {
            known = new WarmValue(0, kept.ToArray(), default, default, Encoding.UTF8.GetString(kept));
            _labels.Add(tag, known);
        }

        return known.Text!;
    }

    private static int Shorten(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);

        // Back to where a character begins.
        var start = StartBytes;
        while ((utf8[start] & 0xC0) == 0x80) start--;
        utf8[..start].CopyTo(destination);
        destination[start] = (byte)'~';
        Convert.TryToHexStringLower(hash[..HashBytes], destination[(start + 1)..], out var written);
        return start + 1 + written;
    }
}
