using AccountGrains.Core;
using AccountGrains.Core.Decisions;

namespace AccountGrains.Abstractions.Accounts;

/// <summary>An account's answer to an observation.</summary>
[GenerateSerializer, Immutable, Alias("verdict-reply")]
public readonly record struct VerdictReply
{
    /// <summary>The verdict, as the policy means it; in shadow mode it is not enforced.</summary>
    [Id(0)] public required Verdict Verdict { get; init; }

    /// <summary>Counts the account's decisions; the id of the one in force is derived from it.</summary>
    [Id(1)] public required int DecisionNumber { get; init; }

    /// <summary>True when the record of the decision in force is stored.</summary>
    [Id(2)] public required bool Durable { get; init; }

    /// <summary>The campaign that it rests on, 0 for none.</summary>
    [Id(3)] public required ulong Campaign { get; init; }

    /// <summary>The probability that it rests on, 0..1.</summary>
    [Id(4)] public required float Score { get; init; }

    /// <summary>True when the observation was seen before, and not counted again.</summary>
    [Id(5)] public required bool Duplicate { get; init; }

    /// <summary>Why, strongest first; empty for an allow.</summary>
    [Id(6)] public required IReadOnlyList<ReasonWire> Reasons { get; init; }

    /// <summary>True when the account's stored state cannot be read: the observation counts, and the rest says nothing.</summary>
    [Id(7)] public bool HistoryUnknown { get; init; }

    /// <summary>The answer of an account whose stored state cannot be read.</summary>
    public static VerdictReply Unknown(bool duplicate) =>
        new() { Verdict = Verdict.Allow, DecisionNumber = 0, Durable = false, Campaign = 0, Score = 0, Duplicate = duplicate, Reasons = [], HistoryUnknown = true };
}

/// <summary>The sent form of a reason.</summary>
[GenerateSerializer, Immutable, Alias("reason")]
public readonly record struct ReasonWire
{
    /// <summary>What it says.</summary>
    [Id(0)] public required ReasonCode Code { get; init; }

    /// <summary>Its family.</summary>
    [Id(1)] public required EvidenceFamily Family { get; init; }

    /// <summary>The kind of the fingerprint that it is about.</summary>
    [Id(2)] public required FingerprintKind Kind { get; init; }

    /// <summary>The key that made the fingerprint.</summary>
    [Id(3)] public required byte KeyId { get; init; }

    /// <summary>The fingerprint.</summary>
    [Id(4)] public required UInt128 Value { get; init; }

    /// <summary>Its weight in nats.</summary>
    [Id(5)] public required float Weight { get; init; }

    /// <summary>How many accounts were seen to share it.</summary>
    [Id(6)] public required int Seen { get; init; }

    /// <summary>How many would be expected to by chance.</summary>
    [Id(7)] public required float Expected { get; init; }

    /// <summary>What was said for a ban, null when nothing was.</summary>
    [Id(8)] public string? Text { get; init; }

    /// <summary>The sent form of a reason.</summary>
    public static ReasonWire Of(Reason reason) => new()
    {
        Code = reason.Code,
        Family = reason.Family,
        Kind = reason.Fingerprint.Kind,
        KeyId = reason.Fingerprint.KeyId,
        Value = reason.Fingerprint.Value,
        Weight = reason.Weight,
        Seen = reason.Seen,
        Expected = reason.Expected,
        Text = reason.Text,
    };

    /// <summary>The reason itself.</summary>
    public Reason ToReason() => new(Code, Family, new Fingerprint(Kind, KeyId, Value), Weight, Seen, Expected) { Text = Text };
}
