using System.Collections.Concurrent;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;

namespace AccountGrains.Silo.Decisions;

/// <summary>
/// The last decision of every account that ever had one, bounded: what is answered when an account cannot answer in time, and what an account that was
/// stored before its last decision takes over when it is loaded. Restricted accounts stay when others make way.
/// </summary>
internal sealed class LastVerdicts(int limit)
{
    private const int NewsLimit = 20_000;
    private const int NewsPage = 1_000;
    private readonly ConcurrentDictionary<AccountId, Decision> _decisions = new();
    private readonly ConcurrentQueue<AccountId> _allowed = new();
    private readonly ConcurrentQueue<Decision> _news = new();
    private readonly List<Decision> _told = [];
    private int _count;

    /// <summary>The number of accounts kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of accounts that are not allowed.</summary>
    public int Restricted => _decisions.Values.Count(d => d.Verdict > Verdict.Allow);

    /// <summary>An account's last decision, null when none is known.</summary>
    public Decision? Find(AccountId account) => _decisions.GetValueOrDefault(account);

    /// <summary>Keeps a decision unless a later one is known.</summary>
    public void Keep(Decision decision)
    {
        while (true)
        {
            if (_decisions.TryGetValue(decision.Account, out var known))
            {
                if (known.Number >= decision.Number) return;
                if (_decisions.TryUpdate(decision.Account, decision, known)) break;
            }
            else
            {
                if (Count >= limit && !MakeRoom() && decision.Verdict == Verdict.Allow) return;
                if (!_decisions.TryAdd(decision.Account, decision)) continue;
                Interlocked.Increment(ref _count);
                break;
            }
        }

        if (decision.Verdict != Verdict.Allow) return;
        _allowed.Enqueue(decision.Account);
        while (_allowed.Count > 2 * limit) _allowed.TryDequeue(out _);
    }

    /// <summary>Forgets an account that is allowed, the longest known first; false when there is none.</summary>
    private bool MakeRoom()
    {
        while (_allowed.TryDequeue(out var account))
        {
            if (!_decisions.TryGetValue(account, out var known) || known.Verdict != Verdict.Allow || !_decisions.TryRemove(new(account, known))) continue;
            Interlocked.Decrement(ref _count);
            return true;
        }

        return false;
    }

    /// <summary>Keeps a decision of this silo, and has the other silos learn of it. What finds no room there, they read from the log.</summary>
    public void KeepOwn(Decision decision)
    {
        Keep(decision);
        if (_news.Count < NewsLimit) _news.Enqueue(decision);
    }

    /// <summary>The next decisions that the other silos have to learn of; those of the last time again, unless they were heard. One caller at a time.</summary>
    public IReadOnlyList<Decision> News(bool heard)
    {
        if (heard) _told.Clear();
        while (_told.Count < NewsPage && _news.TryDequeue(out var decision)) _told.Add(decision);
        return [.. _told];
    }
}
