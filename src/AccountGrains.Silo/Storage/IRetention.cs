namespace AccountGrains.Silo.Storage;

/// <summary>Forgets what was not stored again for long.</summary>
internal interface IRetention
{
    /// <summary>
    /// Deletes records that were last stored before a time: accounts, fingerprints, campaigns, what was put into quarantine, and decisions. The last decision
    /// of an account stays as long as the account does.
    /// </summary>
    /// <param name="before">The time; stores that know the day alone take the beginning of its day, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted.</returns>
    ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>What retention is about, and in which steps it goes.</summary>
internal static class Forgetting
{
    /// <summary>The grain types whose states are forgotten; the few others are one record each.</summary>
    public static readonly string[] Types = ["account", "fingerprint", "campaign"];

    /// <summary>The most records of each kind that are deleted at once, so that writes pass between.</summary>
    public const int Portion = 500;

    /// <summary>Deletes in portions until one is not full.</summary>
    /// <param name="forget">Deletes at most so many of each kind, and says how many of the kind with the most.</param>
    public static async ValueTask<long> InPortionsAsync(Func<int, ValueTask<int>> forget)
    {
        var all = 0L;
        int some;
        do
        {
            some = await forget(Portion).ConfigureAwait(false);
            all += some;
        }
        while (some >= Portion);
        return all;
    }
}

/// <summary>Days of the store's clock.</summary>
internal static class StoreDay
{
    /// <summary>The day of now, since 1970.</summary>
    public static int Today(this TimeProvider clock) => Of(clock.GetUtcNow());

    /// <summary>The day of a time, since 1970.</summary>
    public static int Of(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 86_400);
}
