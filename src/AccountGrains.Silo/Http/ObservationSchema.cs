using System.Text.Json.Nodes;
using AccountGrains.Core.Door;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AccountGrains.Silo.Http;

/// <summary>Says in the OpenAPI document what an observation is: the door reads it by hand, so no type tells.</summary>
internal static class ObservationSchema
{
    private const int TextLimit = ObservationReader.MaxText;
    private const int RequestIdLimit = 128;
    private const int ListLimit = 16;
    private static readonly string[] Types = ["request", "completion", "signup", "ban", "restore"];

    /// <summary>The operation whose body it is.</summary>
    public const string Operation = "observe";

    /// <summary>Adds the body to the operation.</summary>
    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.OperationId != Operation) return Task.CompletedTask;
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "One observation of at most 64 KiB, or one a line. Unknown fields are ignored.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = Body() },
                ["application/x-ndjson"] = new() { Schema = Body() },
            },
        };
        return Task.CompletedTask;
    }

    /// <summary>Says that an account's name is a text: its converter does not.</summary>
    public static Task NameAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(AccountName)) (schema.Type, schema.Properties) = (JsonSchemaType.String, null);
        return Task.CompletedTask;
    }

    private static OpenApiSchema Body() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "account" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["v"] = Integer(1, 1, "The version of the format; 1, also when missing."),
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Types.Select(n => (JsonNode)n)], Description = "What happened; a request asks for a verdict. A ban blocks the account and is evidence about its campaign; a restore lifts both, and what the account did before is not held against it again." },
            ["time"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time", Description = "Event time, from 2000-01-01 to five minutes ahead of the clock; missing, the server's clock." },
            ["account"] = Text(TextLimit, "The account, compared verbatim; no control, format or surrogate characters."),
            ["requestId"] = Text(RequestIdLimit, "Names the request: it counts once, and a completion refers to it."),
            ["ip"] = Text(TextLimit, "The caller's address, as a trusted proxy saw it."),
            ["asn"] = Integer(1, uint.MaxValue, "The network that announces the address."),
            ["country"] = Text(TextLimit, "The address's country."),
            ["ja4"] = Text(TextLimit, "The JA4 fingerprint of the TLS client."),
            ["userAgent"] = Text(TextLimit, "The user agent."),
            ["device"] = Text(TextLimit, "An opaque id of the device."),
            ["payment"] = Text(TextLimit, "An opaque id of the payment instrument."),
            ["organization"] = Text(TextLimit, "The organization that the account declared; its accounts are expected to share things."),
            ["plan"] = Text(TextLimit, "The account's plan."),
            ["emailDomain"] = Text(TextLimit, "The domain of the account's e-mail address."),
            ["model"] = Text(TextLimit, "The model that was asked."),
            ["endpoint"] = Text(TextLimit, "The endpoint that was called."),
            ["capability"] = Text(TextLimit, "What was asked for, such as coding or reasoning."),
            ["inputTokens"] = Integer(0, 1_000_000_000_000, "Tokens read by the model."),
            ["outputTokens"] = Integer(0, 1_000_000_000_000, "Tokens written by the model; in a request, final."),
            ["status"] = Integer(100, 599, "The HTTP status of the answer."),
            ["prompt"] = Text(null, "System prompt and newest user turn; turned into a sketch at the door and dropped."),
            ["sketch"] = Text(null, "The sketch in place of the prompt, as the client library makes it: Base64."),
            ["signals"] = new OpenApiSchema { Type = JsonSchemaType.Object, MaxProperties = ListLimit, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }, Description = "Scores of the caller's own classifiers, by name. reasoningElicitation counts: how much the prompt asks for the reasoning itself; without it, it is guessed from the prompt." },
            ["presented"] = List("Keyed hashes of things that were handed out, and are presented now; what another account was handed links the two."),
            ["issued"] = List("Keyed hashes of things that are handed out now."),
            ["reason"] = Text(TextLimit, "Why it was banned or restored."),
        },
    };

    private static OpenApiSchema Text(int? limit, string description) => new() { Type = JsonSchemaType.String, MaxLength = limit, Description = description };

    private static OpenApiSchema Integer(long least, long most, string description) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = least.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = most.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Description = description,
    };

    private static OpenApiSchema List(string description) =>
        new() { Type = JsonSchemaType.Array, MaxItems = ListLimit, Items = Text(TextLimit, "A keyed hash."), Description = description };
}
