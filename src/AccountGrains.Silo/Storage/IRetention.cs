namespace AccountGrains.Silo.Storage;

/// <summary>Forgets what was not stored again for long.</summary>
internal interface IRetention
{
    /// <summary>
    /// Deletes records that were last stored before a day: accounts, fingerprints, campaigns, what was put into quarantine, and decisions. The last decision
    /// of an account stays as long as the account does.
    /// </summary>
    /// <param name="day">Days since 1970, UTC.</param>
    /// <param name="limit">The most records of each kind that are deleted now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted; less than <paramref name="limit"/> when none is left.</returns>
    ValueTask<int> ForgetAsync(int day, int limit, CancellationToken cancellationToken);
}

/// <summary>Days of the store's clock.</summary>
internal static class StoreDay
{
    /// <summary>The grain types whose states are forgotten; the few others are one record each.</summary>
    public static readonly string[] Forgotten = ["account", "fingerprint", "campaign"];

    /// <summary>The day of now, since 1970.</summary>
    public static int Today(this TimeProvider clock) => Of(clock.GetUtcNow());

    /// <summary>The day of a time, since 1970.</summary>
    public static int Of(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 86_400);
}
