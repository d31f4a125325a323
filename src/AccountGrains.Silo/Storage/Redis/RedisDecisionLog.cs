using System.Runtime.CompilerServices;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using StackExchange.Redis;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>
/// The decisions in a Redis stream. A script adds them, and a server runs one script at a time: a sequence number is handed out and its record is there
/// in one step, so that whoever has read up to a number never misses a lower one that comes later.
/// </summary>
internal sealed class RedisDecisionLog(RedisStore store, DecisionPayloads payloads) : IDecisionLog
{
    private const int Group = 500;
    private const int PageSize = 1000;
    // Keys: count, stream, latest decisions, then the accounts' numbers; arguments: account, number and payload of each.
    private const string Add = """
        for i = 4, #KEYS do
          local at = (i - 4) * 3
          local account, number, payload = ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
          if redis.call('HEXISTS', KEYS[i], number) == 0 then
            local sequence = redis.call('INCR', KEYS[1])
            redis.call('XADD', KEYS[2], string.format('%d-0', sequence), 'd', payload)
            redis.call('HSET', KEYS[i], number, sequence)
            if number > tonumber(redis.call('HGET', KEYS[i], 'last') or 0) then
              redis.call('HSET', KEYS[i], 'last', number)
              redis.call('HSET', KEYS[3], account, payload)
            end
          end
        end
        return 0
        """;

    private readonly RedisKey _count = RedisDecisionKeys.Count(store);
    private readonly RedisKey _stream = RedisDecisionKeys.Log(store);
    private readonly RedisKey _latest = RedisDecisionKeys.Latest(store);

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(0).ConfigureAwait(false);
        foreach (var group in batch.Chunk(Group))
        {
            RedisKey[] keys = [_count, _stream, _latest, .. group.Select(d => RedisDecisionKeys.Numbers(store, d.Account))];
            RedisValue[] values = [.. group.SelectMany(d => new RedisValue[] { d.Account.ToString(), d.Number, DecisionCodec.Write(d) })];
            await database.ScriptEvaluateAsync(Add, keys, values).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(0).ConfigureAwait(false);
        var found = new List<LoggedDecision>();
        while (found.Count < limit)
        {
            var wanted = limit - found.Count;
            var page = await database.StreamRangeAsync(_stream, $"{afterSequence + 1}-0", "+", wanted).WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                afterSequence = RedisDecisionKeys.SequenceOf(entry);
                if (payloads.Read(afterSequence, entry[RedisDecisionKeys.Field]!) is { } decision) found.Add(new LoggedDecision(afterSequence, decision));
            }

            if (page.Length < wanted) break;
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(0).ConfigureAwait(false);
        var numbers = await database.HashGetAllAsync(RedisDecisionKeys.Numbers(store, account)).WaitAsync(cancellationToken).ConfigureAwait(false);
        var newest = numbers.Where(n => n.Name != "last").OrderByDescending(n => (long)n.Name).Take(limit);
        var entries = await Task.WhenAll(newest.Select(n => database.StreamRangeAsync(_stream, $"{n.Value}-0", $"{n.Value}-0"))).WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. entries.SelectMany(e => e).Select(e => payloads.Read(RedisDecisionKeys.SequenceOf(e), e[RedisDecisionKeys.Field]!)).OfType<Decision>()];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Decision> LoadLatestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(0).ConfigureAwait(false);

        // A scan can show an entry twice while the hash grows.
        var seen = new HashSet<AccountId>();
        await foreach (var entry in database.HashScanAsync(_latest, pageSize: PageSize).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (payloads.Read(0, entry.Value!) is { } decision && seen.Add(decision.Account)) yield return decision;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> EndAsync(CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(0).ConfigureAwait(false);
        return (long)await database.StringGetAsync(_count).WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
