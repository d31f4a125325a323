using System.Runtime.CompilerServices;

namespace AccountGrains.Core.Sketches;

/// <summary>
/// The eight keyed tokens that stand for a prompt, in this order: head H1 H2, tail L1 L2, body B1 B2 B3 B4. A token of 0 is none;
/// a sketch of zeros stands for no prompt.
/// </summary>
[InlineArray(Length)]
public struct TemplateSketch : IEquatable<TemplateSketch>
{
    /// <summary>The number of tokens.</summary>
    public const int Length = 8;

    private ulong _first;

    /// <summary>True when there was no prompt, or none with a word in it.</summary>
    public readonly bool IsEmpty
    {
        get
        {
            foreach (var token in (ReadOnlySpan<ulong>)this)
            {
                if (token != 0) return false;
            }

            return true;
        }
    }

    /// <summary>The class of the token at a position: 0 head, 1 tail, 2 body.</summary>
    public static int ClassOf(int position) => position < 2 ? 0 : position < 4 ? 1 : 2;

    /// <inheritdoc/>
    public readonly bool Equals(TemplateSketch other) => ((ReadOnlySpan<ulong>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is TemplateSketch other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[2], this[4], this[7]);

    /// <inheritdoc/>
    public static bool operator ==(TemplateSketch left, TemplateSketch right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(TemplateSketch left, TemplateSketch right) => !left.Equals(right);
}
