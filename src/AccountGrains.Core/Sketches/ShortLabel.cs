using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Sketches;

/// <summary>The first bytes of a label in UTF-8, at most fourteen, cut between characters and filled with zeros.</summary>
[InlineArray(MaxBytes)]
public struct ShortLabel : IHeavyHitterKey<ShortLabel>
{
    /// <summary>The most bytes that are kept.</summary>
    public const int MaxBytes = 14;

    private byte _first;

    /// <summary>Takes the start of a label; invalid characters become U+FFFD.</summary>
    /// <param name="label">The label; null is the empty one.</param>
    /// <param name="maxBytes">How many bytes to keep, at most <see cref="MaxBytes"/>.</param>
    public ShortLabel(string? label, int maxBytes = MaxBytes)
    {
        Span<byte> bytes = this;
        Utf8.FromUtf16(label, bytes[..maxBytes], out _, out var written);

        // What did not fit may have left its start behind.
        bytes[written..].Clear();
    }

    /// <inheritdoc/>
    public static int StoredSize => MaxBytes;

    /// <summary>True when there is no label.</summary>
    public readonly bool IsEmpty => this[0] == 0;

    /// <inheritdoc/>
    public readonly bool Equals(ShortLabel other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is ShortLabel other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(this);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public readonly int CompareTo(ShortLabel other) => ((ReadOnlySpan<byte>)this).SequenceCompareTo(other);

    /// <summary>The label as text.</summary>
    public override readonly string ToString() => Encoding.UTF8.GetString(((ReadOnlySpan<byte>)this).TrimEnd((byte)0));

    /// <inheritdoc/>
    public readonly void Write(StateWriter writer) => writer.Bytes(this);

    /// <inheritdoc/>
    public static ShortLabel Read(ref StateReader reader)
    {
        var label = default(ShortLabel);
        reader.Bytes(label);
        return label;
    }

    internal readonly void Write(StateWriter writer, int maxBytes) => writer.Bytes(((ReadOnlySpan<byte>)this)[..maxBytes]);

    internal static ShortLabel Read(ref StateReader reader, int maxBytes)
    {
        var label = default(ShortLabel);
        reader.Bytes(((Span<byte>)label)[..maxBytes]);
        return label;
    }

    /// <inheritdoc/>
    public static bool operator ==(ShortLabel left, ShortLabel right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(ShortLabel left, ShortLabel right) => !left.Equals(right);

    /// <inheritdoc/>
    public static bool operator <(ShortLabel left, ShortLabel right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator <=(ShortLabel left, ShortLabel right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >(ShortLabel left, ShortLabel right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator >=(ShortLabel left, ShortLabel right) => left.CompareTo(right) >= 0;
}
