using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Commands;

/// <summary>What is under load.</summary>
internal enum TargetKind
{
    /// <summary>A silo in this process.</summary>
    Hosted,

    /// <summary>An Orleans client in this process, a silo in another.</summary>
    Client,

    /// <summary>HTTP to a silo in another process.</summary>
    Http,

    /// <summary>An Orleans client in this process, several silos in others.</summary>
    Cluster,
}

/// <summary>What a run is to do.</summary>
internal sealed record LoadOptions
{
    /// <summary>What a silo's own deadline is unless it is set, after which a caller gets the last known verdict: a 99th percentile above it is worth nothing to anybody.</summary>
    public static readonly TimeSpan DefaultObjective = TimeSpan.FromMilliseconds(50);

    /// <summary>How long one measurement takes at most unless it is set: shorter ones measure how processes compile.</summary>
    public static readonly TimeSpan DefaultSlice = TimeSpan.FromSeconds(8);

    /// <summary>The most observations of one measurement unless it is set.</summary>
    public const int DefaultShots = 1_000_000;

    /// <summary>The same over HTTP, where observations are kept as the texts that are sent.</summary>
    public const int DefaultHttpShots = 400_000;

    /// <summary>The share of one-time accounts unless another is given.</summary>
    public const double DefaultOneTime = 0.1;

    private const string YoungAge = "Silo:YoungAccountAge";

    /// <summary>What is under load.</summary>
    public required TargetKind Target { get; init; }

    /// <summary>How many silos.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Who sends what.</summary>
    public TrafficOptions Traffic { get; init; } = new();

    /// <summary>Which phases, in their order.</summary>
    public IReadOnlyList<string> Phases { get; init; } = ["warm"];

    /// <summary>Which baselines.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = [];

    /// <summary>How often what is compared is repeated.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>How long one measurement takes at most.</summary>
    public TimeSpan Slice { get; init; } = DefaultSlice;

    /// <summary>The most observations that one measurement sends.</summary>
    public int Shots { get; init; } = DefaultShots;

    /// <summary>How many calls are under way at saturation.</summary>
    public int InFlight { get; init; } = 256;

    /// <summary>The 99th percentile that the knee is found by.</summary>
    public TimeSpan Objective { get; init; } = DefaultObjective;

    /// <summary>Calls a second in the phases <c>churn</c> and <c>hub</c>, and before the overload of <c>recovery</c>; null for half the knee.</summary>
    public double? Rate { get; init; }

    /// <summary>The share of requests in the phase <c>churn</c> that comes from one-time accounts.</summary>
    public double OneTime { get; init; } = DefaultOneTime;

    /// <summary>Settings of the section <c>AccountGrains</c>, over the silo's defaults.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>
    /// <see cref="Settings"/>, and, unless they say otherwise or <c>churn</c> is among the phases, known accounts stay loaded as baselines' grains do: by the silo's default those with few
    /// requests go after two minutes, and a part of what is measured would be loading them again.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> SiloSettings =>
        Phases.Contains("churn") || Settings.Any(s => s.Key.Equals(YoungAge, StringComparison.OrdinalIgnoreCase)) ? Settings : [new(YoungAge, "01:00:00"), .. Settings];

    /// <summary>Where the report goes as JSON; null for nowhere.</summary>
    public string? Output { get; init; }
}
