namespace AccountGrains.Core.Windows;

/// <summary>Rates over one horizon, per hour.</summary>
/// <param name="HalfLifeSeconds">The horizon's half-life.</param>
/// <param name="RequestsPerHour">Requests.</param>
/// <param name="InputTokensPerHour">Tokens read by the model.</param>
/// <param name="OutputTokensPerHour">Tokens written by the model.</param>
/// <param name="ErrorsPerHour">Answers with a status of 400 or above.</param>
public sealed record HorizonRates(
    long HalfLifeSeconds, double RequestsPerHour, double InputTokensPerHour, double OutputTokensPerHour, double ErrorsPerHour);

/// <summary>One UTC day.</summary>
/// <param name="Day">The date.</param>
/// <param name="Requests">Requests.</param>
/// <param name="InputTokens">Tokens read by the model.</param>
/// <param name="OutputTokens">Tokens written by the model.</param>
public sealed record DayView(DateOnly Day, long Requests, long InputTokens, long OutputTokens);

/// <summary>One of the most frequent values.</summary>
/// <param name="Name">The value.</param>
/// <param name="Count">How often it came, at most.</param>
public sealed record TopEntry(string Name, int Count);
