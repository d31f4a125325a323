using AccountGrains.Core;
using AccountGrains.Core.Decisions;

namespace AccountGrains.Silo.Storage;

/// <summary>A decision and its place in the log.</summary>
/// <param name="Sequence">Grows from decision to decision; numbers may be missing.</param>
/// <param name="Decision">The decision.</param>
internal readonly record struct LoggedDecision(long Sequence, Decision Decision);

/// <summary>The record of all decisions: it only grows at its end. A decision's identity is its account and number.</summary>
internal interface IDecisionLog
{
    /// <summary>Ends when the decisions are durable. One that is there already, under its account and number, is not added again.</summary>
    ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken = default);

    /// <summary>The decisions after a sequence number, at most <paramref name="limit"/>, in the order of their sequence numbers.</summary>
    ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>An account's decisions, at most <paramref name="limit"/>, newest first.</summary>
    ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken = default);

    /// <summary>The last decision of every account that has one, in no particular order.</summary>
    IAsyncEnumerable<Decision> LoadLatestAsync(CancellationToken cancellationToken = default);

    /// <summary>The sequence number that everything is after which is added from now on.</summary>
    async ValueTask<long> EndAsync(CancellationToken cancellationToken = default)
    {
        const int Page = 10_000;
        var end = 0L;
        while (await ReadAsync(end, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page) end = page[^1].Sequence;
        return end;
    }
}
