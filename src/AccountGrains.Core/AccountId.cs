using System.Globalization;
using System.Text;

namespace AccountGrains.Core;

/// <summary>The keyed 128-bit id of an account, made with a key of its own that does not rotate.</summary>
/// <param name="KeyId">Which key made it, 1..255.</param>
/// <param name="Value">The keyed hash of the account's name.</param>
public readonly record struct AccountId(byte KeyId, UInt128 Value) : IComparable<AccountId>
{
    /// <summary>The size of the stored form in bytes.</summary>
    internal const int StoredSize = 17;

    /// <summary>A 64-bit token of the id, for tables and sketches.</summary>
    public ulong Token => (ulong)Value ^ KeyId;

    /// <summary>The key of the account's grain: <c>k1-</c> and 32 hex digits.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[HexId.MaxKeyedLength];
        return Encoding.ASCII.GetString(text[..HexId.WriteKeyed(KeyId, Value, text)]);
    }

    /// <summary>The same in UTF-8, which is what a grain's key is made of.</summary>
    public byte[] ToUtf8()
    {
        Span<byte> text = stackalloc byte[HexId.MaxKeyedLength];
        return text[..HexId.WriteKeyed(KeyId, Value, text)].ToArray();
    }

    /// <summary>The fixed order in which accounts are worked on.</summary>
    public int CompareTo(AccountId other)
    {
        var byKey = KeyId.CompareTo(other.KeyId);
        return byKey != 0 ? byKey : Value.CompareTo(other.Value);
    }

    /// <summary>Reads a grain key back; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AccountId id)
    {
        id = default;
        var dash = text.IndexOf('-');
        if (dash < 2 || text[0] != 'k' || text.Length != dash + 33) return false;
        if (!byte.TryParse(text[1..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var keyId) || keyId == 0) return false;
        if (!UInt128.TryParse(text[(dash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        id = new AccountId(keyId, value);
        return true;
    }

    /// <inheritdoc/>
    public static bool operator <(AccountId left, AccountId right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator <=(AccountId left, AccountId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >(AccountId left, AccountId right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator >=(AccountId left, AccountId right) => left.CompareTo(right) >= 0;
}
