using AccountGrains.Core.Decisions;
using StackExchange.Redis;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>
/// Forgets decisions in Redis; states of accounts and fingerprints expire there by themselves (<see cref="RedisStates"/>), and campaigns stay. An entry of the stream
/// does not say when it was stored, so each day that comes by the last sequence number is noted.
/// </summary>
internal sealed class RedisRetention(RedisStore store, KnownAccounts known, DecisionPayloads payloads, TimeProvider clock) : IRetention
{
    // Keys: stream, latest decisions, the account's numbers; arguments: sequence number, account, number, and whether the account is known.
    private const string Forget = """
        local last = tonumber(redis.call('HGET', KEYS[3], 'last') or 0) <= tonumber(ARGV[3])
        if last and ARGV[4] == '1' then return 0 end
        if last then
          redis.call('HDEL', KEYS[2], ARGV[2])
          redis.call('DEL', KEYS[3])
        else
          redis.call('HDEL', KEYS[3], ARGV[3])
        end
        return redis.call('XDEL', KEYS[1], ARGV[1])
        """;

    private readonly RedisKey _stream = RedisDecisionKeys.Log(store);
    private readonly RedisKey _latest = RedisDecisionKeys.Latest(store);

    /// <inheritdoc/>
    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var database = await store.DatabaseAsync(0).ConfigureAwait(false);
        var end = await EndOfAsync(database, StoreDay.Of(before)).WaitAsync(cancellationToken).ConfigureAwait(false);
        var (forgotten, next) = (0L, 1L);
        StreamEntry[] page;
        do
        {
            page = await database.StreamRangeAsync(_stream, $"{next}-0", $"{end}-0", Forgetting.Portion).WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in page) forgotten += await ForgetAsync(database, entry, cancellationToken).ConfigureAwait(false);
            if (page.Length > 0) next = RedisDecisionKeys.SequenceOf(page[^1]) + 1;
        }
        while (page.Length == Forgetting.Portion);
        return forgotten;
    }

    /// <summary>The last sequence number that was given before a day began, 0 when none is known to have been.</summary>
    private async Task<long> EndOfAsync(IDatabase database, int day)
    {
        var days = RedisDecisionKeys.Days(store);
        var end = (long)await database.StringGetAsync(RedisDecisionKeys.Count(store)).ConfigureAwait(false);
        await database.HashSetAsync(days, clock.Today(), end, When.NotExists).ConfigureAwait(false);
        var due = (await database.HashGetAllAsync(days).ConfigureAwait(false)).Where(d => (int)d.Name < day).OrderBy(d => (int)d.Name).ToArray();
        if (due.Length == 0) return 0;
        await database.HashDeleteAsync(days, [.. due.SkipLast(1).Select(d => d.Name)]).ConfigureAwait(false);
        return (long)due[^1].Value;
    }

    private async Task<long> ForgetAsync(IDatabase database, StreamEntry entry, CancellationToken cancellationToken)
    {
        if (payloads.Read(RedisDecisionKeys.SequenceOf(entry), entry[RedisDecisionKeys.Field]!) is not { } decision)
        {
            return await database.StreamDeleteAsync(_stream, [entry.Id]).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // Only of an account's last decision it has to be known whether the account is.
        return await ForgetAsync(database, entry, decision, isKnown: true).WaitAsync(cancellationToken).ConfigureAwait(false) is var forgotten and not 0 ? forgotten
            : await known.ContainsAsync(decision.Account, cancellationToken).ConfigureAwait(false) ? 0
            : await ForgetAsync(database, entry, decision, isKnown: false).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> ForgetAsync(IDatabase database, StreamEntry entry, Decision decision, bool isKnown)
    {
        RedisKey[] keys = [_stream, _latest, RedisDecisionKeys.Numbers(store, decision.Account)];
        RedisValue[] values = [entry.Id, decision.Account.ToString(), decision.Number, isKnown];
        return (long)await database.ScriptEvaluateAsync(Forget, keys, values).ConfigureAwait(false);
    }
}
