using System.Text.Json.Serialization;

namespace AccountGrains.LoadTests.Serving;

/// <summary>An observation as JSON has it.</summary>
internal sealed record EchoObservation(
    int V, string Type, DateTimeOffset Time, string Account, string? RequestId, string? Ip, long? Asn, string? Country, string? Ja4, string? UserAgent, string? Device, string? Payment,
    string? Organization, string? Plan, string? EmailDomain, string? Model, string? Endpoint, string? Capability, long? InputTokens, long? OutputTokens, int? Status, string? Prompt, string? Sketch);

/// <summary>An answer like a verdict.</summary>
internal sealed record EchoAnswer(string RequestId, string Account, string Verdict, string DecisionId, bool Durable, string Mode, string State)
{
    /// <summary>The only one.</summary>
    public static readonly EchoAnswer Constant = new("r0000000000000000", "acct_0000000000", "allow", "d_0000000000000000", true, "enforce", "live");
}

/// <summary>Reads and writes them.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EchoObservation))]
[JsonSerializable(typeof(EchoAnswer))]
[JsonSerializable(typeof(SampleView))]
internal sealed partial class EchoJson : JsonSerializerContext;
