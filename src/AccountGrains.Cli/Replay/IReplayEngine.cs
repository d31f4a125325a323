using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>What feeding an engine ended with.</summary>
/// <param name="Duplicates">Observations that were seen before.</param>
/// <param name="Verdicts">The number of accounts by their final verdict.</param>
/// <param name="Decisions">Every change of a verdict.</param>
/// <param name="Campaigns">The campaigns.</param>
/// <param name="Faults">What went wrong on the way.</param>
internal sealed record ReplayResult(
    long Duplicates, IReadOnlyDictionary<Verdict, int> Verdicts, IReadOnlyList<Decision> Decisions, IReadOnlyList<CampaignItem> Campaigns, ReplayFaults Faults = default);

/// <summary>What a replay sent.</summary>
/// <param name="Calls">By interface and method, or by kind; empty where that is not counted.</param>
/// <param name="Correlation">The messages of all ends of epochs, 0 where they are not counted.</param>
internal sealed record ReplayMessages(IReadOnlyList<(string What, long Count)> Calls, long Correlation)
{
    public static ReplayMessages None { get; } = new([], 0);
}

/// <summary>Something that recorded observations are fed to.</summary>
internal interface IReplayEngine : IAsyncDisposable
{
    /// <summary>Feeds one observation; returns when there is room for the next.</summary>
    ValueTask ObserveAsync(AccountInput input, CancellationToken cancellationToken);

    /// <summary>Closes the last epoch and collects the outcome.</summary>
    ValueTask<ReplayResult> FinishAsync(CancellationToken cancellationToken);

    /// <summary>What was sent so far.</summary>
    ReplayMessages Messages { get; }
}
