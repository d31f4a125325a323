using AccountGrains.Core;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>What a replay found, as its files have it.</summary>
/// <param name="Duplicates">Observations that were seen before.</param>
/// <param name="Verdicts">The number of accounts by their final verdict.</param>
/// <param name="Decisions">Every change of a verdict, by time and account.</param>
/// <param name="Campaigns">The campaigns with their members.</param>
internal sealed record ReplayFindings(long Duplicates, IReadOnlyDictionary<Verdict, int> Verdicts, IReadOnlyList<DecisionView> Decisions, IReadOnlyList<CampaignItem> Campaigns)
{
    public static ReplayFindings Of(ReplayResult result) => new(
        result.Duplicates,
        result.Verdicts,
        [.. result.Decisions.OrderBy(d => d.Time).ThenBy(d => d.Name, StringComparer.Ordinal).ThenBy(d => d.Number).Select(DecisionView.Of)],
        result.Campaigns);
}

/// <summary>What a replay ended with.</summary>
/// <param name="Summary">What it adds up to.</param>
/// <param name="Findings">What was found.</param>
/// <param name="Messages">What was sent, where that is counted.</param>
/// <param name="Faults">What went wrong on the way.</param>
internal sealed record ReplayReport(ReplaySummary Summary, ReplayFindings Findings, ReplayMessages Messages, ReplayFaults Faults)
{
    /// <summary>The time that the engine took, without reading lines and writing files; null where that was not measured.</summary>
    public TimeSpan? Engine { get; init; }

    /// <summary>The same for one observation, in microseconds; ends of epochs have their part in it.</summary>
    public double? EnginePerObservation => Engine is { } engine && Summary.Accepted > 0 ? Math.Round(engine.TotalMicroseconds / Summary.Accepted, 2) : null;

    /// <summary>Correlation messages per observation, null where they are not counted.</summary>
    public double? MessagesPerObservation => Messages.Calls.Count == 0 || Summary.Accepted == 0 ? null : Math.Round((double)Messages.Correlation / Summary.Accepted, 4);

    /// <summary>What the command ends with.</summary>
    public int ExitCode => Faults != default ? Cli.ExitCode.Failed : Summary.Rejected > 0 ? Cli.ExitCode.SomeRejected : Cli.ExitCode.Done;
}
