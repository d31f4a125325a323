using System.Buffers.Text;

namespace AccountGrains.Core.Door;

/// <summary>The normalised bytes of a raw value, over which its id is made.</summary>
internal static class FingerprintValue
{
    /// <summary>The most UTF-8 bytes that a value of <see cref="ObservationReader.MaxText"/> UTF-16 units can have.</summary>
    public const int MaxBytes = 3 * ObservationReader.MaxText;

    /// <summary>Normalises a value. False when it is none of its kind, or is never evidence.</summary>
    public static bool TryNormalise(FingerprintKind kind, ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        switch (kind)
        {
            case FingerprintKind.Ip:
                return NetworkAddress.TryRead(raw, destination, out written);
            case FingerprintKind.Prefix:
                return TryPrefix(raw, destination, out written);
            case FingerprintKind.Asn:
                if (!Utf8Parser.TryParse(raw, out uint asn, out var used) || used != raw.Length || asn == 0) return false;
                return asn.TryFormat(destination, out written, provider: System.Globalization.CultureInfo.InvariantCulture);
            case FingerprintKind.Email:
                return EmailDomain.TryNormalise(raw, destination, out written);
            case FingerprintKind.Ja4 or FingerprintKind.UserAgent or FingerprintKind.Payment or FingerprintKind.Device or FingerprintKind.Artefact:
                written = raw.Length;
                return raw.Length > 0 && raw.TryCopyTo(destination);
            default:
                return false;
        }
    }

    // People write a prefix as 203.0.113.0/24; any address in it names it too.
    private static bool TryPrefix(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        var slash = raw.IndexOf((byte)'/');
        var address = slash < 0 ? raw : raw[..slash];
        if (!NetworkAddress.TryRead(address, destination, out written)) return false;
        if (slash >= 0 && !raw[slash..].SequenceEqual(written == 4 ? "/24"u8 : "/48"u8)) return false;
        written = NetworkAddress.PrefixOf(destination[..written]).Length;
        return true;
    }
}
