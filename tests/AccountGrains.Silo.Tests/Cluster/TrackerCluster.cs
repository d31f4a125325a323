using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>Silos with the tracker in this process, one unless a test says otherwise: epochs end when a test says so, and so are states stored.</summary>
public sealed class TrackerCluster : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public TrackerCluster()
        : this([])
    {
    }

    internal TrackerCluster(params (string Key, string Value)[] settings)
        : this(1, settings)
    {
    }

    private TrackerCluster(short silos, (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["AccountGrains:Storage:Provider"] = "Memory",
            ["AccountGrains:Epoch:Mode"] = "Manual",
            ["AccountGrains:Flush:Interval"] = "01:00:00",
            ["AccountGrains:FirstSeenEntries"] = "65536",
        };
        foreach (var (key, value) in settings) all[$"AccountGrains:{key}"] = value;
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ServiceId = "svc";

        // The one that silos run with: the test cluster's own forgets where the grains of a silo that stops are.
#pragma warning disable ORLEANSEXP003
        builder.Options.UseDistributedGrainDirectory = true;
#pragma warning restore ORLEANSEXP003
        builder.ConfigureSiloHost((_, host) => host.Configuration.AddInMemoryCollection(all));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddTracker().AddTracker();
            Decorate<IStateTable>(silo.Services, table => Table ??= new GatedStateTable(table));
            Decorate<IDecisionLog>(silo.Services, log => Log ??= new GatedDecisionLog(log));
            silo.Services.AddSingleton<IIncomingGrainCallFilter>(Calls);
        });
        _cluster = builder.Build();
    }

    internal CallFilter Calls { get; } = new();

    internal GatedStateTable Table { get; private set; } = null!;

    internal GatedDecisionLog Log { get; private set; } = null!;

    internal IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    internal IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    internal EpochService Epochs => Services.GetRequiredService<EpochService>();

    internal FlushScheduler Flush => Services.GetRequiredService<FlushScheduler>();

    internal DecisionWriter Writer => Services.GetRequiredService<DecisionWriter>();

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    /// <summary>Stops it cleanly; the test cluster by itself would only drop it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    internal static Task<TrackerCluster> StartAsync(params (string Key, string Value)[] settings) => StartAsync(1, settings);

    /// <summary>Starts several silos, which share the store of the first.</summary>
    internal static async Task<TrackerCluster> StartAsync(short silos, params (string Key, string Value)[] settings)
    {
        var cluster = new TrackerCluster(silos, settings);
        await cluster.InitializeAsync();
        return cluster;
    }

    internal IReadOnlyList<IServiceProvider> Silos => [.. _cluster.Silos.Select(s => s.ServiceProvider)];

    internal async Task AddSiloAsync()
    {
        await _cluster.StartAdditionalSiloAsync();
        await _cluster.WaitForLivenessToStabilizeAsync();
    }

    internal async Task StopSiloAsync(int index)
    {
        await _cluster.StopSiloAsync(_cluster.Silos[index]);
        await _cluster.WaitForLivenessToStabilizeAsync();
    }

    internal async Task KillSiloAsync(int index)
    {
        await _cluster.KillSiloAsync(_cluster.Silos[index]);
        await _cluster.WaitForLivenessToStabilizeAsync(didKill: true);
    }

    internal IAccountGrain Account(string name) => Account(Traffic.AccountOf(name));

    /// <summary>An account as one of the silos sees it.</summary>
    internal IAccountGrain Account(AccountId id) => Account(id, 0);

    internal ICampaignGrain Campaign(CampaignId id) => Grains.GetGrain<ICampaignGrain>(id.ToString());

    internal IFingerprintGrain Fingerprint(Fingerprint fingerprint) => Grains.GetGrain<IFingerprintGrain>(fingerprint.GrainKey);

    internal ICampaignIndexGrain Index => Grains.GetGrain<ICampaignIndexGrain>(0);

    /// <summary>Through one silo now and another then: an account is loaded where its first call comes in, so all silos have some, and are called for those of others.</summary>
    internal ValueTask<VerdictReply> ObserveAsync(in AccountInput input) => Account(input.Account, input.Time / 1_000).ObserveAsync(new Message<Observation>(new Observation(input)));

    /// <summary>Unloads whatever nobody called just now, as Orleans does after a while, and waits until it is gone.</summary>
    internal Task CollectAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    internal Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    /// <summary>Serves the observations of one epoch side by side, those of one account one after the other, and ends it.</summary>
    internal async Task ReplayAsync(IEnumerable<AccountInput> inputs, long epochLength = 60_000)
    {
        foreach (var epoch in inputs.GroupBy(i => Epoch.Of(i.Time, epochLength)))
        {
            await Parallel.ForEachAsync(epoch.GroupBy(i => i.Account), async (account, _) =>
            {
                foreach (var input in account) await ObserveAsync(input);
            });
            await Epochs.CloseAsync(Epoch.EndOf(epoch.Key, epochLength));
        }

        foreach (var silo in Silos) await silo.GetRequiredService<DecisionWriter>().DrainAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Puts a record that cannot be read in the place of a grain's own, and unloads the grain.</summary>
    internal async Task BreakAsync(IAddressable grain, string stateName)
    {
        await DeactivateAsync(grain);
        var storage = Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);
        var state = new GrainState<StoredRecord>();
        await storage.ReadStateAsync(stateName, grain.GetGrainId(), state);
        state.State = new StoredRecord { Payload = [255, 255, 1] };
        await storage.WriteStateAsync(stateName, grain.GetGrainId(), state);
    }

    internal async Task<AccountState?> StateAsync(AccountId id)
    {
        var record = await Account(id).GetAsync();
        return record.Payload.Length == 0 ? null : AccountState.Read(id, record.Name ?? "", record.Payload);
    }

    /// <summary>The stored form of all campaigns that are kept, tombstones included, by id.</summary>
    internal async Task<SortedDictionary<string, string>> CampaignsAsync()
    {
        var campaigns = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in await Index.ListAsync())
        {
            var record = await Campaign(new CampaignId(id)).GetAsync();
            if (record.Payload.Length > 0) campaigns.Add(new CampaignId(id).ToString(), Convert.ToHexString(record.Payload));
        }

        return campaigns;
    }

    internal async Task<IReadOnlyList<Decision>> DecisionsAsync() => [.. (await Log.ReadAsync(0, 1_000_000, CancellationToken.None)).Select(d => d.Decision)];

    private IAccountGrain Account(AccountId id, long turn)
    {
        var silos = _cluster.Silos;
        return silos[(int)((id.Token + (ulong)turn) % (uint)silos.Count)].ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(id.ToString());
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services.Single(s => s.ServiceType == typeof(T));
        services.Remove(inner);
        services.AddSingleton(provider => decorate((T)inner.ImplementationFactory!(provider)));
    }
}

/// <summary>Tests that share one silo; each has accounts of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : ICollectionFixture<TrackerCluster>
{
    public const string Name = "cluster";
}
