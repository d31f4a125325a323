using System.ComponentModel.DataAnnotations;
using AccountGrains.Silo.Storage;
using Orleans.Configuration;
using Orleans.Persistence.AzureStorage;

namespace AccountGrains.Silo.AzureStorage;

/// <summary>
/// How calls to Azure Storage for states are tried: section <c>AccountGrains:Storage:Azure</c>. All tries of a call together take no longer than <c>Storage:ReadTimeout</c> or
/// <c>Storage:WriteTimeout</c>.
/// </summary>
internal sealed class AzureCallSettings
{
    private const string Section = $"{StorageOptions.Section}:Storage:Azure";

    /// <summary>How often a call that failed for a passing reason is tried again; default 3: more keeps those waiting that could be served.</summary>
    [Range(0, 100, ErrorMessage = $"{Section}:Retries must be between 0 and 100.")]
    public int Retries { get; set; } = 3;

    /// <summary>The first pause before that, more or less a random part of it; it doubles from try to try; default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = $"{Section}:RetryPause must be between 0 and 10 minutes.")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause, also when the service asks for more; default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = $"{Section}:MaxRetryPause must be between 0 and 10 minutes.")]
    public TimeSpan MaxRetryPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one try may take; default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00", ErrorMessage = $"{Section}:TryTimeout must be between 10 ms and 10 minutes.")]
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many tries are looked at, within 10 s, before the store counts as down because half of them failed; default 10.</summary>
    [Range(2, 1_000_000, ErrorMessage = $"{Section}:BreakerThroughput must be between 2 and 1,000,000.")]
    public int BreakerThroughput { get; set; } = 10;

    /// <summary>How long no call is made then, at first; it doubles from probe to probe, up to 30 s; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00", ErrorMessage = $"{Section}:BreakerPause must be between 0.5 s and 5 minutes.")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Hands them to the storage in tables.</summary>
    public void ApplyTo(AzureTableStorageOptions options) => ApplyTo(options.StoragePolicyOptions);

    /// <summary>Hands them to the storage in blobs; the official one leaves trying again to its client, and has no such limits.</summary>
    public void ApplyTo(AzureBlobStorageOptions options)
    {
#if !OFFICIAL_AZURE_STORAGE
        ApplyTo(options.StoragePolicyOptions);
#endif
    }

    private void ApplyTo(AzureStoragePolicyOptions policy)
    {
        policy.MaxOperationRetries = Retries;
        policy.PauseBetweenOperationRetries = RetryPause;
        policy.OperationTimeout = TryTimeout;
#if !OFFICIAL_AZURE_STORAGE
        // The official one has no breaker.
        policy.MaxPauseBetweenOperationRetries = MaxRetryPause;
        policy.BreakerThroughput = BreakerThroughput;
        policy.BreakerPause = BreakerPause;
#endif
    }
}
