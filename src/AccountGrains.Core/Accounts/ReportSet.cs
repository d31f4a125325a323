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

    /// <summary>The fingerprint that a bit stands for; none where the observation has none there.</summary>
    public static Fingerprint At(in AccountInput input, int bit)
    {
        if (bit < TemplateSketch.Length) return Sighting.TokenOf(input.Sketch[bit], bit, input.KeyId);
        if (bit < Presented) return Of(input, (bit - Values) switch
        {
            0 => (FingerprintKind.Ip, input.Ip),
            1 => (FingerprintKind.Prefix, input.Prefix),
            2 => (FingerprintKind.Asn, input.Asn),
            3 => (FingerprintKind.Ja4, input.Ja4),
            4 => (FingerprintKind.UserAgent, input.UserAgent),
            5 => (FingerprintKind.Payment, input.Payment),
            6 => (FingerprintKind.Device, input.Device),
            _ => (FingerprintKind.Email, input.Email),
        });
        var artefacts = bit < Issued ? input.Presented : input.Issued;
        var index = bit < Issued ? bit - Presented : bit - Issued;
        return artefacts is not null && index < artefacts.Length ? Of(input, (FingerprintKind.Artefact, artefacts[index])) : default;
    }

    /// <summary>All values that an observation shows.</summary>
    internal static ulong Shown(in AccountInput input)
    {
        ulong set = 0;
        for (var i = Values; i < Values + ValueCount; i++) set |= At(input, i).IsNone ? 0 : 1UL << i;
        return set;
    }

    /// <summary>Asks an account's memory which of the observation's fingerprints are new to it and not too common to report.</summary>
    internal static ulong NewOnes(in AccountInput input, ReportMemory memory, Snapshot snapshot)
    {
        ulong set = 0;
        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            if (input.Sketch[i] == 0) continue;
            var token = At(input, i).Token;
            if (!snapshot.IsCommon(token) && memory.AddToken(token)) set |= 1UL << i;
        }

        for (var i = 0; i < ValueCount; i++) set |= Value(input, Values + i, memory, snapshot);
        for (var i = 0; i < Math.Min(Artefacts, input.Presented?.Length ?? 0); i++) set |= Value(input, Presented + i, memory, snapshot);
        for (var i = 0; i < Math.Min(Artefacts, input.Issued?.Length ?? 0); i++) set |= Value(input, Issued + i, memory, snapshot);
        return set;
    }

    private static ulong Value(in AccountInput input, int bit, ReportMemory memory, Snapshot snapshot)
    {
        var fingerprint = At(input, bit);
        if (fingerprint.IsNone) return 0;
        var token = fingerprint.Token;
        return !snapshot.IsCommon(token) && memory.AddValue(token) ? 1UL << bit : 0;
    }

    private static Fingerprint Of(in AccountInput input, (FingerprintKind Kind, UInt128 Value) value) =>
        value.Value == 0 ? default : new Fingerprint(value.Kind, input.KeyId, value.Value);
}
