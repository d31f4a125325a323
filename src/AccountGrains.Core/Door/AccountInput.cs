using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Door;

/// <summary>
/// One observation behind the door: validated, normalised, and with keyed ids in place of everything that identifies anybody but the
/// account. A <see cref="UInt128"/> or token of 0, a null and a negative number stand for a field that was missing.
/// </summary>
public readonly record struct AccountInput
{
    /// <summary>What happened.</summary>
    public required ObservationType Type { get; init; }

    /// <summary>When, in event time: milliseconds since 1970, UTC.</summary>
    public required long Time { get; init; }

    /// <summary>Whose account.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The account's name, as the caller gave it.</summary>
    public required AccountName Name { get; init; }

    /// <summary>A keyed hash of the request id, 0 for none.</summary>
    public ulong Request { get; init; }

    /// <summary>Which key made the fingerprints below.</summary>
    public byte KeyId { get; init; }

    /// <summary>The address (IPv6: its /64).</summary>
    public UInt128 Ip { get; init; }

    /// <summary>The /24 or /48.</summary>
    public UInt128 Prefix { get; init; }

    /// <summary>The autonomous system.</summary>
    public UInt128 Asn { get; init; }

    /// <summary>The TLS client fingerprint.</summary>
    public UInt128 Ja4 { get; init; }

    /// <summary>The user agent.</summary>
    public UInt128 UserAgent { get; init; }

    /// <summary>The payment instrument.</summary>
    public UInt128 Payment { get; init; }

    /// <summary>The device.</summary>
    public UInt128 Device { get; init; }

    /// <summary>The e-mail domain; free-mail domains are not kept.</summary>
    public UInt128 Email { get; init; }

    /// <summary>A keyed 64-bit token of the declared organization.</summary>
    public ulong Organization { get; init; }

    /// <summary>The plan's label.</summary>
    public string? Plan { get; init; }

    /// <summary>The model asked.</summary>
    public string? Model { get; init; }

    /// <summary>The label of what was asked for.</summary>
    public string? Capability { get; init; }

    /// <summary>Tokens read by the model.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written by the model.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The HTTP status of the answer, 0 when not known.</summary>
    public int Status { get; init; }

    /// <summary>The prompt's sketch.</summary>
    public TemplateSketch Sketch { get; init; }

    /// <summary>How much the prompt asks for the reasoning itself, by the provider's own score or else by the door's, 0..1; negative when there is neither.</summary>
    public float ReasoningElicitation { get; init; }

    /// <summary>Artefacts that the request carried, at most 16.</summary>
    public UInt128[]? Presented { get; init; }

    /// <summary>Artefacts that the answer handed out, at most 16.</summary>
    public UInt128[]? Issued { get; init; }

    /// <summary>Why, for a ban or a restore.</summary>
    public string? Reason { get; init; }
}
