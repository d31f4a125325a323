namespace AccountGrains.LoadTests.Traffic;

/// <summary>Who sends what.</summary>
internal sealed record TrafficOptions
{
    /// <summary>How many accounts.</summary>
    public int Accounts { get; init; } = 100_000;

    /// <summary>The exponent of their Zipf distribution.</summary>
    public double Skew { get; init; } = 0.99;

    /// <summary>The share of accounts that write prompts of their own, of which nearly every token is new; the others fill templates.</summary>
    public double FreePrompts { get; init; } = 0.4;

    /// <summary>The seed: one seed gives the same observations but for their times.</summary>
    public int Seed { get; init; } = 1;
}
