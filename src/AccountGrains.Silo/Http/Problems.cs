using AccountGrains.Core.Door;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AccountGrains.Silo.Http;

/// <summary>What is wrong with a call, as RFC 9457 has it. No text in here comes from an exception or repeats what was sent.</summary>
internal static class Problems
{
    /// <summary>An observation that breaks a rule.</summary>
    public static ProblemDetails Observation(ObservationError error) => Of(
        StatusCodes.Status400BadRequest,
        "The observation is not valid.", error.Field, error.Rule);

    /// <summary>An observation of more bytes than one can have.</summary>
    public static ObservationError TooLarge { get; } = new("$", "must have at most 65536 bytes");

    /// <summary>A line without an observation.</summary>
    public static ObservationError BlankLine { get; } = new("$", "must not be blank between others");

    /// <summary>The line after the last one that a stopping silo took in.</summary>
    public static ObservationError Stopping { get; } = new("$", "was not taken in, nor what follows it: the server is stopping");

    /// <summary>A parameter that breaks a rule.</summary>
    public static ProblemHttpResult Parameter(string field, string rule) =>
        TypedResults.Problem(Of(StatusCodes.Status400BadRequest, "The call is not valid.", field, rule));

    /// <summary>An id that is not known.</summary>
    public static ProblemHttpResult NotFound(string what) =>
        TypedResults.Problem(title: $"There is no such {what}.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>A body of a type that is not taken.</summary>
    public static ProblemHttpResult MediaType() => TypedResults.Problem(
        title: "The body's type is not taken.", detail: "Content-Type must be application/json or application/x-ndjson.", statusCode: StatusCodes.Status415UnsupportedMediaType);

    private static ProblemDetails Of(int status, string title, string field, string rule) => new()
    {
        Status = status,
        Title = title,
        Detail = field == "$" ? $"The JSON {rule}." : $"{field} {rule}.",
        Extensions = { ["field"] = field, ["rule"] = rule },
    };
}
