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
internal sealed record ReplayResult(long Duplicates, IReadOnlyDictionary<Verdict, int> Verdicts, IReadOnlyList<Decision> Decisions, IReadOnlyList<CampaignItem> Campaigns);

/// <summary>Something that recorded observations are fed to.</summary>
internal interface IReplayEngine : IAsyncDisposable
{
    /// <summary>Feeds one observation; returns when there is room for the next.</summary>
    ValueTask ObserveAsync(AccountInput input, CancellationToken cancellationToken);

    /// <summary>Closes the last epoch and collects the outcome.</summary>
    ValueTask<ReplayResult> FinishAsync(CancellationToken cancellationToken);

    /// <summary>What was sent, for the report; empty when there is nothing to say.</summary>
    IReadOnlyList<(string What, long Count)> Calls { get; }
}
