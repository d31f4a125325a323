using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Core;

namespace AccountGrains.Silo.Fingerprints;

/// <summary>References to fingerprints, made as those to accounts are.</summary>
internal static class FingerprintReferences
{
    private static readonly GrainType Type = GrainType.Create("fingerprint");
    private static readonly GrainInterfaceType Interface = GrainInterfaceType.Create("fingerprint");

    /// <summary>A fingerprint.</summary>
    public static IFingerprintGrain Fingerprint(this IGrainFactory grains, Fingerprint fingerprint) => grains.Fingerprint(GrainId.Create(Type, new IdSpan(fingerprint.ToUtf8Key())));

    /// <summary>The fingerprint of a grain's id.</summary>
    public static IFingerprintGrain Fingerprint(this IGrainFactory grains, GrainId id) => (IFingerprintGrain)grains.GetGrain(id, Interface);
}
