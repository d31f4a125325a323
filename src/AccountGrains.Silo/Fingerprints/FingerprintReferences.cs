using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Core;

namespace AccountGrains.Silo.Fingerprints;

/// <summary>References to fingerprints, made as those to accounts are.</summary>
internal static class FingerprintReferences
{
    private static readonly GrainType Type = GrainType.Create("fingerprint");
    private static readonly GrainInterfaceType Interface = GrainInterfaceType.Create("fingerprint");

    /// <summary>A fingerprint.</summary>
    public static IFingerprintGrain Fingerprint(this IGrainFactory grains, Fingerprint fingerprint) =>
        (IFingerprintGrain)grains.GetGrain(GrainId.Create(Type, fingerprint.GrainKey), Interface);
}
