using System.Globalization;
using AccountGrains.Core;
using StackExchange.Redis;

namespace AccountGrains.Silo.Storage.Redis;

/// <summary>Where the decisions are in Redis.</summary>
internal static class RedisDecisionKeys
{
    /// <summary>The field of a stream's entry that holds a decision's stored form.</summary>
    public const string Field = "d";

    /// <summary>The last sequence number.</summary>
    public static RedisKey Count(RedisStore store) => store.Key("decisions/count");

    /// <summary>The stream of all, by sequence number.</summary>
    public static RedisKey Log(RedisStore store) => store.Key("decisions/log");

    /// <summary>Each account's last decision.</summary>
    public static RedisKey Latest(RedisStore store) => store.Key("decisions/latest");

    /// <summary>The sequence number of each day on which was looked, by day.</summary>
    public static RedisKey Days(RedisStore store) => store.Key("decisions/days");

    /// <summary>An account's numbers with their sequence numbers, and the last of them.</summary>
    public static RedisKey Numbers(RedisStore store, AccountId account) => store.Key($"decisions/of/{account}");

    /// <summary>The sequence number of an entry.</summary>
    public static long SequenceOf(in StreamEntry entry)
    {
        var id = (string)entry.Id!;
        return long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
