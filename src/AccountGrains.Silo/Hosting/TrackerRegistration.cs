using AccountGrains.Core.States;
using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Policies;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Serialization.Configuration;

namespace AccountGrains.Silo.Hosting;

/// <summary>Puts the tracker into a silo.</summary>
internal static class TrackerRegistration
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Adds accounts, fingerprints, campaigns, their storage and what ends their epochs.</summary>
    public static ISiloBuilder AddTracker(this ISiloBuilder silo)
    {
        if (silo.Services.Any(s => s.ServiceType == typeof(EpochService))) return silo;
        silo.AddAccountGrainsStorage();
        silo.Services.Configure<TypeManifestOptions>(AllowMessages);
        silo.Services.AddTrackerServices();
        silo.AddGrainService<EpochAgentService>();
        silo.AddPlacementDirector<ShardPlacement>(services => ActivatorUtilities.CreateInstance<ShardPlacementDirector>(services));
        return silo;
    }

    /// <summary>An answer names its type, and a message of the core has none of Orleans' attributes that would let it through to another silo.</summary>
    private static void AllowMessages(TypeManifestOptions options)
    {
        var messages = typeof(IMessage<>).Assembly.GetTypes().Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IMessage<>)));
        foreach (var message in messages) options.AddAllowedType(message);
    }

    private static void AddTrackerServices(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TrackerOptions, TrackerOptionsValidator>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(TrackerOptions.Section).Bind(options));
        services.AddSingleton<IValidateOptions<TrackerOptions>, ClusterRules>();
        services.AddSiloLimits();
        services.TryAddSingleton(TimeProvider.System);
        services.AddPolicy();
        services.AddSingleton(sp => new FlushOptions(Options(sp).Flush.Interval, LookEvery, Options(sp).Flush.Parallel, Options(sp).Flush.MaxPerSecond));
        services.AddSingleton(sp => new CorrelationLimits(Options(sp).FirstSeenEntries));
        services.AddSingleton<SnapshotHolder>();
        services.AddSingleton<CorrelationBatch>();
        services.AddSingleton<EpochContext>();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<GrainSiteHost>();
        services.AddSingleton<GrainEpochHost>();
        services.AddSingleton<AccountTeller>();
        services.AddSingleton<LocalAccounts>();
        services.AddSingleton(new Mailroom());
        services.AddSingleton<EpochAgents>();
        services.AddSingleton<EpochAgent>();
        services.AddSingleton<SitePeers>();
        services.AddSingleton<ShardOwners>();
        services.AddSingleton<ShardTransfer>();
        services.AddSingleton<SiteCalls>();
        services.AddSingleton<EpochMetrics>();
        services.AddSingleton<PopulationStore>();
        services.AddSingleton<EpochServices>();
        services.AddSingleton<EpochService>();
        services.AddSingleton(sp => new LastVerdicts(Options(sp).LastVerdicts));
        services.AddSingleton<DecisionWriter>();
        services.AddSingleton<LostSilos>();
        services.AddSingleton<RecentLosses>();
        services.AddSingleton<Standstill>();
        services.TryAddSingleton(sp => new PoolWait(
            Options(sp).Deadline, TimeProvider.System, static () => ThreadPool.PendingWorkItemCount,
            static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false), sp.GetRequiredService<ILogger<PoolWait>>()));
        services.AddSingleton<FlushScheduler>();
        services.AddSingleton<BehindServices>();
        services.AddSingleton(sp => new AccountAges(Options(sp).Silo.AccountAge, Options(sp).Silo.YoungAccountAge));
        services.AddSingleton<AccountServices>();
        services.AddSingleton<CorrelationServices>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TrackerLifecycle>();
    }

    private static TrackerOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<TrackerOptions>>().Value;
}
