using System.Globalization;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Sketches;

/// <summary>A prompt template as an account remembers it: the low 32 bits of its keyed head token.</summary>
/// <param name="Token">The bits.</param>
public readonly record struct TemplateKey(uint Token) : IHeavyHitterKey<TemplateKey>
{
    /// <inheritdoc/>
    public static int StoredSize => 4;

    /// <inheritdoc/>
    public int CompareTo(TemplateKey other) => Token.CompareTo(other.Token);

    /// <summary>Eight hex digits.</summary>
    public override string ToString() => Token.ToString("x8", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Write(StateWriter writer) => writer.UInt32(Token);

    /// <inheritdoc/>
    public static TemplateKey Read(ref StateReader reader) => new(reader.UInt32());

    /// <inheritdoc/>
    public static bool operator <(TemplateKey left, TemplateKey right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator <=(TemplateKey left, TemplateKey right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >(TemplateKey left, TemplateKey right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator >=(TemplateKey left, TemplateKey right) => left.CompareTo(right) >= 0;
}
