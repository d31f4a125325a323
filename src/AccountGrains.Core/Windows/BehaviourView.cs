using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Windows;

/// <summary>An account's rolling behaviour as operators see it. Times are milliseconds since 1970, UTC; fractions have four decimals.</summary>
public sealed record BehaviourView
{
    /// <summary>As of when.</summary>
    public required long AsOf { get; init; }

    /// <summary>The first event's time.</summary>
    public required long FirstSeen { get; init; }

    /// <summary>The last event's time.</summary>
    public required long LastSeen { get; init; }

    /// <summary>When the account was opened; null when not known.</summary>
    public long? SignupAt { get; init; }

    /// <summary>The plan's label; null when not known.</summary>
    public string? Plan { get; init; }

    /// <summary>Rates, from the shortest horizon to the longest.</summary>
    public required IReadOnlyList<HorizonRates> Rates { get; init; }

    /// <summary>The days of the last fourteen on which anything was counted, oldest first.</summary>
    public required IReadOnlyList<DayView> Days { get; init; }

    /// <summary>The estimated number of addresses used.</summary>
    public required double DistinctAddresses { get; init; }

    /// <summary>The estimated number of networks used.</summary>
    public required double DistinctNetworks { get; init; }

    /// <summary>The estimated number of clients used.</summary>
    public required double DistinctClients { get; init; }

    /// <summary>The geometric mean of the gaps between requests, in seconds.</summary>
    public required double TypicalGapSeconds { get; init; }

    /// <summary>How much the gaps vary: 0 for a clock, 1 for independent arrivals, above for bursts.</summary>
    public required double GapVariation { get; init; }

    /// <summary>The same as burstiness, -1..1.</summary>
    public required double GapBurstiness { get; init; }

    /// <summary>The share of each hour of the UTC day in the requests, 24 numbers that add up to 1, or zeros.</summary>
    public required IReadOnlyList<double> HourProfile { get; init; }

    /// <summary>How strongly the hours differ, 0..1.</summary>
    public required double CircadianStrength { get; init; }

    /// <summary>The longest time without a request in the last seven days, in seconds.</summary>
    public required int LongestQuietSeconds { get; init; }

    /// <summary>How much its latest prompts ask for the reasoning itself, 0..1.</summary>
    public required double ReasoningElicitation { get; init; }

    /// <summary>The share of its last day's requests that went to models which came out after it began, 0..1.</summary>
    public required double NewModelShare { get; init; }

    /// <summary>The most frequent templates, by eight hex digits of their token.</summary>
    public required IReadOnlyList<TopEntry> Templates { get; init; }

    /// <summary>The most frequent capabilities, by the first 14 bytes of their label.</summary>
    public required IReadOnlyList<TopEntry> Capabilities { get; init; }

    internal static BehaviourView Of(AccountBehaviour account, long asOf) => new()
    {
        AsOf = asOf,
        FirstSeen = account.FirstSeen,
        LastSeen = account.LastSeen,
        SignupAt = account.SignupAt == 0 ? null : account.SignupAt,
        Plan = account.Plan.Length == 0 ? null : account.Plan,
        Rates = [.. Enum.GetValues<Horizon>().Select(horizon => RatesOf(account, horizon, asOf))],
        Days = DaysOf(account, asOf),
        DistinctAddresses = Rounded(account.SeenFrom.Addresses),
        DistinctNetworks = Rounded(account.SeenFrom.Networks),
        DistinctClients = Rounded(account.SeenFrom.Clients),
        TypicalGapSeconds = Rounded(account.Gaps.TypicalSeconds),
        GapVariation = Rounded(account.Gaps.Variation),
        GapBurstiness = Rounded(account.Gaps.Burstiness),
        HourProfile = HoursOf(account),
        CircadianStrength = Rounded(account.Hours.CircadianStrength),
        LongestQuietSeconds = account.LongestQuietSeconds(asOf),
        ReasoningElicitation = Rounded(account.Elicitation),
        NewModelShare = Rounded(account.Pivot),
        Templates = EntriesOf(account.Templates),
        Capabilities = EntriesOf(account.Capabilities),
    };

    private static HorizonRates RatesOf(AccountBehaviour account, Horizon horizon, long asOf)
    {
        return new HorizonRates(
            DecayedCounters.HalfLifeOf(horizon) / 1000,
            PerHour(Measure.Requests), PerHour(Measure.InputTokens), PerHour(Measure.OutputTokens), PerHour(Measure.Errors));

        double PerHour(Measure measure) => Rounded(3600 * account.Counters.RateAt(measure, horizon, asOf));
    }

    private static List<DayView> DaysOf(AccountBehaviour account, long asOf)
    {
        var days = new List<DayView>();
        var newest = Decay.DayOf(asOf);
        for (var day = newest - DailyTotals.Days + 1; day <= newest; day++)
        {
            var total = account.Days[day];
            if (total == default) continue;
            days.Add(new DayView(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day), total.Requests, total.InputTokens, total.OutputTokens));
        }

        return days;
    }

    private static double[] HoursOf(AccountBehaviour account)
    {
        var counts = new double[24];
        for (var hour = 0; hour < counts.Length; hour++) counts[hour] = account.Hours[hour];
        var total = Math.Max(1, counts.Sum());
        return [.. counts.Select(count => Rounded(count / total))];
    }

    private static TopEntry[] EntriesOf<TKey>(HeavyHitters<TKey> hitters)
        where TKey : unmanaged, IHeavyHitterKey<TKey> =>
        [.. hitters.ToArray().Select(hitter => new TopEntry(hitter.Key.ToString() ?? "", hitter.Count))];

    private static double Rounded(double value) => Math.Round(value, 4);
}
