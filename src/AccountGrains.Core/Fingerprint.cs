using System.Globalization;
using System.Text;

namespace AccountGrains.Core;

/// <summary>The keyed 128-bit id of one fingerprint, with its kind and the id of the key that made it. The raw value is nowhere in it.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="KeyId">Which key made the id, 1..255.</param>
/// <param name="Value">The keyed hash; 0 stands for no fingerprint.</param>
public readonly record struct Fingerprint(FingerprintKind Kind, byte KeyId, UInt128 Value) : IComparable<Fingerprint>
{
    private const int MaxKindLength = 9;

    /// <summary>True when there is no fingerprint here.</summary>
    public bool IsNone => Value == UInt128.Zero;

    /// <summary>A 64-bit token of the id, for tables and sketches; as unpredictable as the id.</summary>
    public ulong Token => TokenOf(Kind, KeyId, (ulong)Value);

    /// <summary>The token of an id of which only the lower half is at hand.</summary>
    internal static ulong TokenOf(FingerprintKind kind, byte keyId, ulong low) => low ^ ((ulong)kind * 0x9E3779B97F4A7C15UL) ^ keyId;

    /// <summary>The key of the fingerprint's grain: kind, key id and 32 hex digits, joined by dashes.</summary>
    public string GrainKey => Encoding.ASCII.GetString(ToUtf8Key());

    /// <summary>The same in UTF-8, which is what a grain's key is made of.</summary>
    public byte[] ToUtf8Key()
    {
        Span<byte> text = stackalloc byte[MaxKindLength + 1 + HexId.MaxKeyedLength];
        var kind = Encoding.ASCII.GetBytes(Kind.Name(), text);
        text[kind] = (byte)'-';
        return text[..(kind + 1 + HexId.WriteKeyed(KeyId, Value, text[(kind + 1)..]))].ToArray();
    }

    /// <summary>The form that people see: <c>kind:32hex</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind.Name()}:{Value:x32}");

    /// <summary>The fixed order in which fingerprints are worked on: by kind, key and value.</summary>
    public int CompareTo(Fingerprint other)
    {
        // Not the comparison of the enumeration, which boxes both.
        var byKind = ((int)Kind).CompareTo((int)other.Kind);
        if (byKind != 0) return byKind;
        var byKey = KeyId.CompareTo(other.KeyId);
        return byKey != 0 ? byKey : Value.CompareTo(other.Value);
    }

    /// <summary>Reads a grain key back; false when it is none.</summary>
    public static bool TryParseGrainKey(ReadOnlySpan<char> key, out Fingerprint fingerprint)
    {
        fingerprint = default;
        var dash = key.IndexOf('-');
        if (dash <= 0 || !FingerprintKinds.TryParse(key[..dash], out var kind)) return false;
        if (!AccountId.TryParse(key[(dash + 1)..], out var id)) return false;
        fingerprint = new Fingerprint(kind, id.KeyId, id.Value);
        return true;
    }

    /// <inheritdoc/>
    public static bool operator <(Fingerprint left, Fingerprint right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator <=(Fingerprint left, Fingerprint right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >(Fingerprint left, Fingerprint right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator >=(Fingerprint left, Fingerprint right) => left.CompareTo(right) >= 0;
}
