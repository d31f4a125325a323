namespace AccountGrains.Core.Conduct;

/// <summary>What is measured of how an account behaves. The numbers are places in the stored form and never change.</summary>
public enum ConductMeasure : byte
{
    /// <summary>Requests on its last full day.</summary>
    Requests = 0,

    /// <summary>Tokens read and written on its last full day.</summary>
    Tokens = 1,

    /// <summary>Requests on the day that it was opened, for a whole day.</summary>
    Start = 2,

    /// <summary>How alike its hours of the day are: 1 when it makes no difference between them.</summary>
    Flatness = 3,

    /// <summary>How much its prompts begin alike: the chance that two of them do.</summary>
    Repetition = 4,

    /// <summary>How much it asks for one thing: the chance that two of its requests do.</summary>
    Focus = 5,

    /// <summary>How much its prompts ask for the reasoning itself.</summary>
    Elicitation = 6,

    /// <summary>The share of its requests that goes to models that came out after it began.</summary>
    Pivot = 7,
}
