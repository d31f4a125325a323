using System.Buffers;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>The fields of an observation that the contract knows.</summary>
internal enum ObservationField
{
    Unknown,
    V,
    Type,
    Time,
    Account,
    RequestId,
    Ip,
    Asn,
    Country,
    Ja4,
    UserAgent,
    Device,
    Payment,
    Organization,
    Plan,
    EmailDomain,
    Model,
    Endpoint,
    Capability,
    InputTokens,
    OutputTokens,
    Status,
    Prompt,
    Sketch,
    Signals,
    Presented,
    Issued,
    Reason,
}

/// <summary>The names of the fields in JSON.</summary>
internal static class ObservationFields
{
    private const int MaxNameLength = 12;

    private static readonly string[] Names =
    [
        "", "v", "type", "time", "account", "requestId", "ip", "asn", "country", "ja4", "userAgent", "device", "payment", "organization", "plan",
        "emailDomain", "model", "endpoint", "capability", "inputTokens", "outputTokens", "status", "prompt", "sketch", "signals", "presented",
        "issued", "reason",
    ];

    public static string Name(this ObservationField field) => Names[(int)field];

    /// <summary>Finds a field by its name in UTF-8.</summary>
    public static ObservationField Find(ReadOnlySpan<byte> name)
    {
        Span<char> characters = stackalloc char[MaxNameLength];
        if (name.Length > MaxNameLength || Ascii.ToUtf16(name, characters, out var length) != OperationStatus.Done) return ObservationField.Unknown;

        return characters[..length] switch
        {
            "v" => ObservationField.V,
            "type" => ObservationField.Type,
            "time" => ObservationField.Time,
            "account" => ObservationField.Account,
            "requestId" => ObservationField.RequestId,
            "ip" => ObservationField.Ip,
            "asn" => ObservationField.Asn,
            "country" => ObservationField.Country,
            "ja4" => ObservationField.Ja4,
            "userAgent" => ObservationField.UserAgent,
            "device" => ObservationField.Device,
            "payment" => ObservationField.Payment,
            "organization" => ObservationField.Organization,
            "plan" => ObservationField.Plan,
            "emailDomain" => ObservationField.EmailDomain,
            "model" => ObservationField.Model,
            "endpoint" => ObservationField.Endpoint,
            "capability" => ObservationField.Capability,
            "inputTokens" => ObservationField.InputTokens,
            "outputTokens" => ObservationField.OutputTokens,
            "status" => ObservationField.Status,
            "prompt" => ObservationField.Prompt,
            "sketch" => ObservationField.Sketch,
            "signals" => ObservationField.Signals,
            "presented" => ObservationField.Presented,
            "issued" => ObservationField.Issued,
            "reason" => ObservationField.Reason,
            _ => ObservationField.Unknown,
        };
    }
}
