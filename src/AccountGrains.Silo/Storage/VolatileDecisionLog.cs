using System.Runtime.CompilerServices;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>The decisions in this process's memory; beyond a limit the oldest fall out and are counted.</summary>
internal sealed class VolatileDecisionLog(IOptions<StorageOptions> options, StorageMetrics metrics) : IDecisionLog
{
    private readonly Lock _lock = new();
    private readonly int _limit = options.Value.Storage.VolatileDecisions;
    private readonly List<Decision> _entries = [];
    private readonly Dictionary<AccountId, SortedList<int, Decision>> _accounts = [];

    // Entry i has the sequence number _base + i; the first _fallen entries fell out and are removed many at a time.
    private long _base = 1;
    private int _fallen;

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            foreach (var decision in batch) Add(decision);
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = new List<LoggedDecision>();
        lock (_lock)
        {
            var first = Math.Max(afterSequence + 1 - _base, _fallen);
            for (var i = first; i < _entries.Count && found.Count < limit; i++) found.Add(new LoggedDecision(_base + i, _entries[(int)i]));
        }

        return new(found);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_accounts.TryGetValue(account, out var decisions) ? [.. decisions.Values.Reverse().Take(limit)] : []);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> EndAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_base + _entries.Count - 1);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Decision> LoadLatestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Decision> latest;
        lock (_lock)
        {
            latest = [.. _accounts.Values.Select(decisions => decisions.Values[^1])];
        }

        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var decision in latest)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return decision;
        }
    }

    private void Add(Decision decision)
    {
        if (!_accounts.TryGetValue(decision.Account, out var decisions)) _accounts.Add(decision.Account, decisions = []);
        if (!decisions.TryAdd(decision.Number, decision)) return;
        _entries.Add(decision);
        if (_entries.Count - _fallen > _limit) DropOldest();
    }

    private void DropOldest()
    {
        var oldest = _entries[_fallen++];
        var decisions = _accounts[oldest.Account];
        decisions.Remove(oldest.Number);
        if (decisions.Count == 0) _accounts.Remove(oldest.Account);
        metrics.DroppedDecisions.Add(1);

        if (_fallen < _limit) return;
        _entries.RemoveRange(0, _fallen);
        _base += _fallen;
        _fallen = 0;
    }
}
