namespace AccountGrains.Core.Conduct;

/// <summary>What can speak against an account in its own behaviour.</summary>
public enum ConductSignal : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It sends more than accounts of its plan do.</summary>
    Rate = 1,

    /// <summary>It takes more tokens than they do.</summary>
    Tokens = 2,

    /// <summary>It began at a rate at which they do not begin.</summary>
    NoRamp = 3,

    /// <summary>It uses as much as accounts of the plan that uses most, on one that does not.</summary>
    PlanUse = 4,

    /// <summary>Its hours are more alike than theirs.</summary>
    NoRhythm = 5,

    /// <summary>Its prompts begin more alike than theirs.</summary>
    Repetition = 6,

    /// <summary>It asks for one thing more than they do.</summary>
    Focus = 7,

    /// <summary>It asks for the reasoning more than they do.</summary>
    Elicitation = 8,

    /// <summary>It went over to a new model more than they did on the same day.</summary>
    Pivot = 9,
}
