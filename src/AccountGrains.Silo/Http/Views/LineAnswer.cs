using AccountGrains.Core.Door;
using Microsoft.AspNetCore.Mvc;

namespace AccountGrains.Silo.Http.Views;

/// <summary>The answer to a line: a verdict or an error.</summary>
/// <param name="Verdict">The verdict, if there is one.</param>
/// <param name="Error">What is wrong with the line, if something is.</param>
internal readonly record struct LineAnswer(VerdictView? Verdict, LineError? Error)
{
    /// <summary>The answer to a line that breaks a rule.</summary>
    public static LineAnswer Of(int line, ObservationError error) => new(null, new LineError(line, Problems.Observation(error)));
}

/// <summary>What is wrong with a line.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Error">The problem.</param>
internal sealed record LineError(int Line, ProblemDetails Error);
