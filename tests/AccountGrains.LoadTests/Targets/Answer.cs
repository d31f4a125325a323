namespace AccountGrains.LoadTests.Targets;

/// <summary>How a call was answered.</summary>
internal enum Answer
{
    /// <summary>By the account.</summary>
    Live,

    /// <summary>By the account, which had seen it before.</summary>
    Duplicate,

    /// <summary>With the last known verdict.</summary>
    Stale,

    /// <summary>With the configured fallback.</summary>
    Fallback,

    /// <summary>It was refused: too much was under way.</summary>
    Refused,

    /// <summary>No answer came in time.</summary>
    TimedOut,

    /// <summary>It failed in any other way.</summary>
    Failed,
}
