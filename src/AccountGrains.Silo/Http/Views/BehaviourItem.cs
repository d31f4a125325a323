using AccountGrains.Core.Windows;

namespace AccountGrains.Silo.Http.Views;

/// <summary>An account's rolling behaviour.</summary>
internal sealed record BehaviourItem
{
    /// <summary>Rates per hour, from the shortest horizon to the longest.</summary>
    public required IReadOnlyList<HorizonRates> Rates { get; init; }

    /// <summary>Totals by UTC day.</summary>
    public required IReadOnlyList<DayView> Days { get; init; }

    /// <summary>The estimated number of addresses used.</summary>
    public double DistinctAddresses { get; init; }

    /// <summary>The estimated number of networks used.</summary>
    public double DistinctNetworks { get; init; }

    /// <summary>The estimated number of clients used.</summary>
    public double DistinctClients { get; init; }

    /// <summary>The geometric mean of the gaps between requests, in seconds.</summary>
    public double TypicalGapSeconds { get; init; }

    /// <summary>How much the gaps vary: 0 for a clock, 1 for independent arrivals, above for bursts.</summary>
    public double GapVariation { get; init; }

    /// <summary>The same as burstiness, -1..1.</summary>
    public double GapBurstiness { get; init; }

    /// <summary>The share of each hour of the UTC day.</summary>
    public required IReadOnlyList<double> HourProfile { get; init; }

    /// <summary>How strongly the hours differ, 0..1.</summary>
    public double CircadianStrength { get; init; }

    /// <summary>The longest time without a request in the last seven days, in seconds.</summary>
    public int LongestQuietSeconds { get; init; }

    /// <summary>How much its latest prompts ask for the reasoning itself, 0..1.</summary>
    public double ReasoningElicitation { get; init; }

    /// <summary>The share of its last day's requests that went to models which came out after it began, 0..1.</summary>
    public double NewModelShare { get; init; }

    /// <summary>The most frequent templates.</summary>
    public IReadOnlyList<TopEntry>? Templates { get; init; }

    /// <summary>The most frequent capabilities.</summary>
    public IReadOnlyList<TopEntry>? Capabilities { get; init; }

    public static BehaviourItem Of(BehaviourView view) => new()
    {
        Rates = view.Rates,
        Days = view.Days,
        DistinctAddresses = view.DistinctAddresses,
        DistinctNetworks = view.DistinctNetworks,
        DistinctClients = view.DistinctClients,
        TypicalGapSeconds = view.TypicalGapSeconds,
        GapVariation = view.GapVariation,
        GapBurstiness = view.GapBurstiness,
        HourProfile = view.HourProfile,
        CircadianStrength = view.CircadianStrength,
        LongestQuietSeconds = view.LongestQuietSeconds,
        ReasoningElicitation = view.ReasoningElicitation,
        NewModelShare = view.NewModelShare,
        Templates = view.Templates.Count == 0 ? null : view.Templates,
        Capabilities = view.Capabilities.Count == 0 ? null : view.Capabilities,
    };
}
