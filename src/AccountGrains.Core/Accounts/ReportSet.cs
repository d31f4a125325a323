using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// Which fingerprints of an observation are to be reported, as the bits of one number: 0..7 the template tokens, 8..15 the values, 16..31 what was
/// presented, 32..47 what was issued.
/// </summary>
public static class ReportSet
{
    /// <summary>The first bit of the values.</summary>
    public const int Values = 8;

    /// <summary>The number of values.</summary>
    public const int ValueCount = 8;

    private const int Presented = 16;
    private const int Issued = 32;
    private const int Artefacts = 16;

    private static ReadOnlySpan<FingerprintKind> Kinds =>
    [
        FingerprintKind.Ip, FingerprintKind.Prefix, FingerprintKind.Asn, FingerprintKind.Ja4, FingerprintKind.UserAgent, FingerprintKind.Payment, FingerprintKind.Device, FingerprintKind.Email,
    ];

    /// <summary>The fingerprint that a bit stands for; none where the observation has none there.</summary>
    public static Fingerprint At(in AccountInput input, int bit)
    {
        if (bit < TemplateSketch.Length) return Sighting.TokenOf(input.Sketch[bit], bit, input.KeyId);
        var value = ValueAt(input, bit);
        return value == 0 ? default : new Fingerprint(KindAt(bit), input.KeyId, value);
    }

    /// <summary>The token of the fingerprint that a bit stands for, which is less work than the fingerprint; false where the observation has none there.</summary>
    internal static bool TryGetToken(in AccountInput input, int bit, out ulong token)
    {
        if (bit < TemplateSketch.Length)
        {
            token = Fingerprint.TokenOf(FingerprintKind.Template, input.KeyId, input.Sketch[bit]);
            return input.Sketch[bit] != 0;
        }

        var value = ValueAt(input, bit);
        token = Fingerprint.TokenOf(KindAt(bit), input.KeyId, (ulong)value);
        return value != 0;
    }

    /// <summary>The kind of fingerprint that a bit stands for.</summary>
    internal static FingerprintKind KindAt(int bit) => bit < TemplateSketch.Length ? FingerprintKind.Template : bit < Presented ? Kinds[bit - Values] : FingerprintKind.Artefact;

    /// <summary>All values that an observation shows.</summary>
    internal static ulong Shown(in AccountInput input)
    {
        ulong set = 0;
        for (var i = Values; i < Values + ValueCount; i++) set |= At(input, i).IsNone ? 0 : 1UL << i;
        return set;
    }

    /// <summary>Asks an account's memory which of the observation's fingerprints are new to it and not too common to report.</summary>
    internal static ulong NewOnes(in AccountInput input, ref ReportMemory memory, Snapshot snapshot)
    {
        ulong set = 0;
        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            if (TryGetToken(input, i, out var token) && !snapshot.IsCommon(token) && memory.AddToken(token)) set |= 1UL << i;
        }

        set |= NewValues(input, Values, ValueCount, ref memory, snapshot);
        set |= NewValues(input, Presented, Math.Min(Artefacts, input.Presented?.Length ?? 0), ref memory, snapshot);
        return set | NewValues(input, Issued, Math.Min(Artefacts, input.Issued?.Length ?? 0), ref memory, snapshot);
    }

    private static ulong NewValues(in AccountInput input, int first, int count, ref ReportMemory memory, Snapshot snapshot)
    {
        ulong set = 0;
        for (var i = first; i < first + count; i++)
        {
            if (TryGetToken(input, i, out var token) && !snapshot.IsCommon(token) && memory.AddValue(token)) set |= 1UL << i;
        }

        return set;
    }

    private static UInt128 ValueAt(in AccountInput input, int bit) => bit switch
    {
        Values => input.Ip,
        Values + 1 => input.Prefix,
        Values + 2 => input.Asn,
        Values + 3 => input.Ja4,
        Values + 4 => input.UserAgent,
        Values + 5 => input.Payment,
        Values + 6 => input.Device,
        Values + 7 => input.Email,
        < Issued => ArtefactAt(input.Presented, bit - Presented),
        _ => ArtefactAt(input.Issued, bit - Issued),
    };

    private static UInt128 ArtefactAt(UInt128[]? artefacts, int index) => artefacts is not null && index < artefacts.Length ? artefacts[index] : 0;
}
