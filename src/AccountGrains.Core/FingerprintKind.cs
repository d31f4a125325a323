namespace AccountGrains.Core;

/// <summary>What kind of thing a fingerprint is. The numbers are stored and never change.</summary>
public enum FingerprintKind : byte
{
    /// <summary>No fingerprint.</summary>
    None = 0,

    /// <summary>A network address; of IPv6 its /64.</summary>
    Ip = 1,

    /// <summary>The /24 of an IPv4 address, the /48 of an IPv6 address.</summary>
    Prefix = 2,

    /// <summary>An autonomous system.</summary>
    Asn = 3,

    /// <summary>A TLS client fingerprint.</summary>
    Ja4 = 4,

    /// <summary>A user agent.</summary>
    UserAgent = 5,

    /// <summary>A payment instrument, an opaque id.</summary>
    Payment = 6,

    /// <summary>A device, an opaque id.</summary>
    Device = 7,

    /// <summary>The domain of an e-mail address.</summary>
    Email = 8,

    /// <summary>One token of a prompt's sketch.</summary>
    Template = 9,

    /// <summary>Something that the provider handed out: an assistant turn, a reasoning signature.</summary>
    Artefact = 10,

    /// <summary>A pattern in time that accounts share.</summary>
    Timing = 11,
}

/// <summary>Evidence of one family has one cause: within a family the strongest counts, families add.</summary>
public enum EvidenceFamily : byte
{
    /// <summary>No family.</summary>
    None = 0,

    /// <summary>Addresses, prefixes, networks.</summary>
    Network = 1,

    /// <summary>TLS stack and user agent.</summary>
    Client = 2,

    /// <summary>Payment instruments.</summary>
    Payment = 3,

    /// <summary>Devices.</summary>
    Device = 4,

    /// <summary>E-mail domains and sign-up bursts.</summary>
    Identity = 5,

    /// <summary>Near-equal prompts.</summary>
    Template = 6,

    /// <summary>Things issued to one account and presented by another.</summary>
    Artefact = 7,

    /// <summary>Lockstep, balance, handoff, succession.</summary>
    Timing = 8,
}

/// <summary>Names and families of fingerprint kinds, as they stand in URLs and JSON.</summary>
public static class FingerprintKinds
{
    private static readonly string[] Names = ["", "ip", "prefix", "asn", "ja4", "useragent", "payment", "device", "email", "template", "artefact", "timing"];

    /// <summary>The number of kinds, <see cref="FingerprintKind.None"/> included: the size of a table by kind.</summary>
    public const int Count = 12;

    /// <summary>The names of all kinds, as they stand in URLs and JSON.</summary>
    public static IReadOnlyList<string> AllNames { get; } = Names[1..];

    /// <summary>The kind's name in URLs and JSON.</summary>
    public static string Name(this FingerprintKind kind) => Names[(int)kind];

    /// <summary>The family that the kind is evidence of.</summary>
    public static EvidenceFamily Family(this FingerprintKind kind) => kind switch
    {
        FingerprintKind.Ip or FingerprintKind.Prefix or FingerprintKind.Asn => EvidenceFamily.Network,
        FingerprintKind.Ja4 or FingerprintKind.UserAgent => EvidenceFamily.Client,
        FingerprintKind.Payment => EvidenceFamily.Payment,
        FingerprintKind.Device => EvidenceFamily.Device,
        FingerprintKind.Email => EvidenceFamily.Identity,
        FingerprintKind.Template => EvidenceFamily.Template,
        FingerprintKind.Artefact => EvidenceFamily.Artefact,
        FingerprintKind.Timing => EvidenceFamily.Timing,
        _ => EvidenceFamily.None,
    };

    /// <summary>The family's name in JSON.</summary>
    public static string Name(this EvidenceFamily family) => family switch
    {
        EvidenceFamily.Network => "network",
        EvidenceFamily.Client => "client",
        EvidenceFamily.Payment => "payment",
        EvidenceFamily.Device => "device",
        EvidenceFamily.Identity => "identity",
        EvidenceFamily.Template => "template",
        EvidenceFamily.Artefact => "artefact",
        EvidenceFamily.Timing => "timing",
        _ => "none",
    };

    /// <summary>Finds a kind by its name; false when there is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out FingerprintKind kind)
    {
        for (var i = 1; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
            {
                kind = (FingerprintKind)i;
                return true;
            }
        }

        kind = FingerprintKind.None;
        return false;
    }
}
