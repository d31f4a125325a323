using AccountGrains.LoadTests.Commands;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Serving;
using AccountGrains.LoadTests.Targets;
using AccountGrains.LoadTests.Traffic;
using Spectre.Console;

namespace AccountGrains.LoadTests.Runs;

/// <summary>All that the phases of a run share.</summary>
internal sealed class LoadRun
{
    /// <summary>What the run is to do.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>The tracker.</summary>
    public required ITarget Tracker { get; init; }

    /// <summary>The door before it, where it is in this process: it bounds what is under way and how long an answer takes.</summary>
    public ITarget? Door { get; init; }

    /// <summary>What it is compared with.</summary>
    public required IReadOnlyList<ITarget> Baselines { get; init; }

    /// <summary>Runs loads.</summary>
    public required Bench Bench { get; init; }

    /// <summary>Makes observations.</summary>
    public required GeneratedTraffic Traffic { get; init; }

    /// <summary>Counts what fingerprints are told; null where that cannot be seen.</summary>
    public ReportCounter? Reports { get; init; }

    /// <summary>Where progress goes.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>All measurements so far.</summary>
    public List<Measured> Measurements { get; } = [];

    /// <summary>All comparisons so far.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>What was left out, and why.</summary>
    public List<string> NotMeasured { get; } = [];

    /// <summary>The number of the first account that nobody was yet.</summary>
    public int NextNewAccount { get; set; } = 1_000_000_000;

    /// <summary>The tracker first, then the baselines.</summary>
    public IEnumerable<ITarget> Targets => [Tracker, .. Baselines];

    /// <summary>Sends new observations of known accounts as fast as they are answered.</summary>
    public async Task<Measured> SaturateAsync(ITarget target, string phase, CancellationToken cancellationToken)
    {
        target.Load(Traffic.Next(Options.Shots));
        return Keep(await Bench.SaturateAsync(target, phase, Options.Shots, Options.InFlight, Options.Slice, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sends new observations of known accounts at a rate, as long as one measurement takes.</summary>
    public Task<Measured> OfferAsync(ITarget target, string phase, double rate, CancellationToken cancellationToken) => OfferAsync(target, phase, rate, Options.Slice, cancellationToken);

    /// <summary>Sends new observations of known accounts at a rate for a time.</summary>
    public Task<Measured> OfferAsync(ITarget target, string phase, double rate, TimeSpan time, CancellationToken cancellationToken) =>
        OfferAsync(target, phase, rate, Traffic.Next(ShotsAt(rate, time)), cancellationToken);

    /// <summary>How many observations a rate comes to in a time, as many as one measurement may send at most.</summary>
    public int ShotsAt(double rate, TimeSpan time) => (int)Math.Min(Options.Shots, rate * time.TotalSeconds);

    /// <summary>Sends observations at a rate.</summary>
    public async Task<Measured> OfferAsync(ITarget target, string phase, double rate, Shot[] shots, CancellationToken cancellationToken)
    {
        target.Load(shots);
        return Keep(await Bench.OfferAsync(target, phase, shots.Length, rate, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Notes a comparison.</summary>
    public void Find(string what, double value, double? wanted = null, bool atLeast = true) => Findings.Add(new Finding(what, value, wanted, atLeast));

    private Measured Keep(Measured measured)
    {
        Measurements.Add(measured);
        Console.MarkupLineInterpolated(System.Globalization.CultureInfo.InvariantCulture,
            $"[grey]{measured.Phase}[/] {measured.Target}: {measured.Achieved:n0}/s, p50 {measured.Latency.P50:n0}, p99 {measured.Latency.P99:n0} µs{(measured.Offered is { } rate ? $", offered {rate:n0}/s" : "")}");
        return measured;
    }
}
