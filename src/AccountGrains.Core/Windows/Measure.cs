namespace AccountGrains.Core.Windows;

/// <summary>What an account's decayed counters count. The numbers are places in the stored form and never change.</summary>
public enum Measure
{
    /// <summary>Requests.</summary>
    Requests = 0,

    /// <summary>Tokens read by the model.</summary>
    InputTokens = 1,

    /// <summary>Tokens written by the model.</summary>
    OutputTokens = 2,

    /// <summary>Answers with a status of 400 or above.</summary>
    Errors = 3,
}
