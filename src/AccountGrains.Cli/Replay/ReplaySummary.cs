using System.Globalization;
using AccountGrains.Core;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>What a replay adds up to.</summary>
internal sealed record ReplaySummary
{
    /// <summary>Lines read.</summary>
    public long Events { get; init; }

    /// <summary>Lines taken in, duplicates among them.</summary>
    public long Accepted { get; init; }

    /// <summary>Requests that were seen before, and counted once.</summary>
    public long Duplicates { get; init; }

    /// <summary>Lines refused.</summary>
    public long Rejected { get; init; }

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Accounts seen.</summary>
    public int Accounts { get; init; }

    /// <summary>Accounts by their final verdict.</summary>
    public required IReadOnlyDictionary<string, int> Verdicts { get; init; }

    /// <summary>Campaigns by their status.</summary>
    public required IReadOnlyDictionary<string, int> Campaigns { get; init; }

    /// <summary>The span of event time between two exchanges among accounts.</summary>
    public required string EpochLength { get; init; }

    /// <summary>What the policy given changes; null for the default one.</summary>
    public PolicyComparison? Comparison { get; init; }

    public static ReplaySummary Of(ReplayFindings findings, ReplayFindings? standard, long lines, long rejected, TimeSpan elapsed, TimeSpan epochLength) => new()
    {
        Events = lines,
        Accepted = lines - rejected,
        Duplicates = findings.Duplicates,
        Rejected = rejected,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        Accounts = findings.Verdicts.Values.Sum(),
        Verdicts = Enum.GetValues<Verdict>().ToDictionary(v => Json.Name(v), v => findings.Verdicts.GetValueOrDefault(v)),
        Campaigns = findings.Campaigns.GroupBy(c => c.Status).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count()),
        Comparison = standard is null ? null : PolicyComparison.Of(standard, findings),
        EpochLength = epochLength.ToString("c", CultureInfo.InvariantCulture),
    };
}
