using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Fingerprints;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AccountGrains.Silo.Hosting;

/// <summary>Hands the silo's limits to Orleans.</summary>
internal static class SiloLimitsRegistration
{
    // All that is due goes at once, and calls wait for it. While thousands of accounts a second are made up, those of a minute, which is Orleans' default, take seconds (load test, phase churn).
    private static readonly TimeSpan Quantum = TimeSpan.FromSeconds(1);

    /// <summary>Sets Orleans' options from section <c>AccountGrains:Silo</c>.</summary>
    public static void AddSiloLimits(this IServiceCollection services)
    {
        services.AddOptions<SiloMessagingOptions>().Configure<IOptions<TrackerOptions>>((messaging, options) =>
        {
            messaging.MaxEnqueuedRequestsHardLimit = options.Value.Silo.MaxEnqueuedRequests;
            messaging.MaxMessageBodySize = options.Value.Silo.MaxMessageBodySize;
            messaging.ResponseTimeout = options.Value.Silo.ResponseTimeout;
        });
        services.AddOptions<GrainCollectionOptions>().Configure<IOptions<TrackerOptions>>((collection, options) => Set(collection, options.Value.Silo));
        services.AddOptions<LoadSheddingOptions>().Configure<IOptions<TrackerOptions>>((shedding, options) => shedding.LoadSheddingEnabled = options.Value.Silo.ShedOnLoad);
    }

    private static void Set(GrainCollectionOptions collection, SiloLimits silo)
    {
        collection.CollectionQuantum = Quantum;
        collection.CollectionAge = silo.OtherAge;
        collection.ClassSpecificCollectionAge[typeof(AccountGrain).FullName!] = silo.YoungAccountAge;
        collection.ClassSpecificCollectionAge[typeof(FingerprintGrain).FullName!] = silo.FingerprintAge;
        collection.EnableActivationSheddingOnMemoryPressure = silo.ShedOnMemoryPressure;
        collection.MemoryUsageLimitPercentage = silo.MemoryLimitPercent;
        collection.MemoryUsageTargetPercentage = silo.MemoryTargetPercent;
        collection.DeactivationTimeout = silo.DeactivationTimeout;
    }
}
