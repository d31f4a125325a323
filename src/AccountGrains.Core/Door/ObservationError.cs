namespace AccountGrains.Core.Door;

/// <summary>What is wrong with an observation. It never holds the value itself.</summary>
/// <param name="Field">The field's name, <c>$</c> for the JSON as a whole.</param>
/// <param name="Rule">The rule that it breaks, to be read behind the field's name: "must be …".</param>
public readonly record struct ObservationError(string Field, string Rule);
