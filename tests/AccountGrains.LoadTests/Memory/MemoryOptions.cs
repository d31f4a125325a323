namespace AccountGrains.LoadTests.Memory;

/// <summary>What to weigh.</summary>
internal sealed record MemoryOptions
{
    /// <summary>How many accounts.</summary>
    public int Accounts { get; init; } = 300_000;

    /// <summary>How many requests of each, over a day.</summary>
    public int Requests { get; init; } = 8;

    /// <summary>True to weigh the same in Redis.</summary>
    public bool Redis { get; init; }

    /// <summary>Where the report goes as JSON; null for nowhere.</summary>
    public string? Output { get; init; }
}
