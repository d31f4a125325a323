using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Policies;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccountGrains.Cli.Replay;

/// <summary>
/// An embedded silo with a volatile store. The observations of one epoch are served side by side, those of one account one after the other; then the
/// epoch is closed.
/// </summary>
internal sealed class ClusterEngine : IReplayEngine
{
    private const int InFlight = 128;
    private readonly IHost _host;
    private readonly long _epochLength;
    private readonly IGrainFactory _grains;
    private readonly CallCounts _calls;
    private readonly Dictionary<AccountId, List<AccountInput>> _waiting = [];
    private readonly HashSet<AccountId> _accounts = [];
    private long _epoch = long.MinValue;
    private long _duplicates;

    private ClusterEngine(IHost host, TimeSpan epochLength)
    {
        _host = host;
        _epochLength = (long)epochLength.TotalMilliseconds;
        _grains = host.Services.GetRequiredService<IGrainFactory>();
        _calls = host.Services.GetRequiredService<CallCounts>();
        Epochs = host.Services.GetRequiredService<EpochService>();
    }

    public ReplayMessages Messages => new(_calls.All, Epochs.Counts.Total);

    private EpochService Epochs { get; }

    /// <summary>What went wrong so far.</summary>
    private ReplayFaults Faults => new(
        Epochs.Counts.Resent,
        _host.Services.GetRequiredService<DecisionWriter>().Lost,
        _host.Services.GetRequiredService<CorrelationBatch>().Dropped + Epochs.Backlog.Dropped);

    /// <summary>Starts the silo.</summary>
    public static async ValueTask<IReplayEngine> StartAsync(Policy policy, TimeSpan epochLength, Action<ISiloBuilder>? configure, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AccountGrains:Storage:Provider"] = "Memory",
            ["AccountGrains:Epoch:Mode"] = "Manual",
            ["AccountGrains:Flush:Interval"] = "01:00:00",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(new PolicyHolder(policy));
        builder.Services.AddSingleton<CallCounts>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePorts.Take(), FreePorts.Take()).AddTracker();
            silo.Services.AddSingleton<IIncomingGrainCallFilter>(services => services.GetRequiredService<CallCounts>());
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        return new ClusterEngine(host, epochLength);
    }

    public async ValueTask ObserveAsync(AccountInput input, CancellationToken cancellationToken)
    {
        var epoch = Epoch.Of(input.Time, _epochLength);
        if (_epoch == long.MinValue) _epoch = epoch;
        if (epoch > _epoch)
        {
            await CloseAsync().ConfigureAwait(false);
            _epoch = epoch;
        }

        if (!_waiting.TryGetValue(input.Account, out var list)) _waiting.Add(input.Account, list = []);
        list.Add(input);
        _accounts.Add(input.Account);
    }

    public async ValueTask<ReplayResult> FinishAsync(CancellationToken cancellationToken)
    {
        if (_epoch != long.MinValue) await CloseAsync().ConfigureAwait(false);
        await _host.Services.GetRequiredService<DecisionWriter>().DrainAsync(cancellationToken).ConfigureAwait(false);
        var verdicts = _host.Services.GetRequiredService<LastVerdicts>();
        var counts = _accounts.GroupBy(a => verdicts.Find(a)?.Verdict ?? Verdict.Allow).ToDictionary(g => g.Key, g => g.Count());
        return new ReplayResult(_duplicates, counts, await DecisionsAsync(cancellationToken).ConfigureAwait(false), await CampaignsAsync().ConfigureAwait(false), Faults);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
    }

    private async Task CloseAsync()
    {
        await Parallel.ForEachAsync(_waiting, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, async (account, _) => await FeedAsync(account.Key, account.Value).ConfigureAwait(false)).ConfigureAwait(false);
        _waiting.Clear();
        await Epochs.CloseAsync(Epoch.EndOf(_epoch, _epochLength)).ConfigureAwait(false);
    }

    private async Task FeedAsync(AccountId account, List<AccountInput> inputs)
    {
        var grain = _grains.Account(account);
        foreach (var input in inputs)
        {
            var reply = await grain.ObserveAsync(new Message<Observation>(new Observation(input))).ConfigureAwait(false);
            if (reply.Duplicate) Interlocked.Increment(ref _duplicates);
        }
    }

    private async Task<IReadOnlyList<Decision>> DecisionsAsync(CancellationToken cancellationToken)
    {
        const int Page = 10_000;
        var log = _host.Services.GetRequiredService<IDecisionLog>();
        var decisions = new List<Decision>();
        long after = 0;
        while (true)
        {
            var page = await log.ReadAsync(after, Page, cancellationToken).ConfigureAwait(false);
            decisions.AddRange(page.Select(p => p.Decision));
            if (page.Count < Page) return decisions;
            after = page[^1].Sequence;
        }
    }

    private async Task<IReadOnlyList<CampaignItem>> CampaignsAsync()
    {
        var campaigns = new List<Campaign>();
        foreach (var id in await _grains.GetGrain<ICampaignIndexGrain>(0).ListAsync().ConfigureAwait(false))
        {
            var record = await _grains.GetGrain<ICampaignGrain>(new CampaignId(id).ToString()).GetAsync().ConfigureAwait(false);
            if (record.Payload.Length > 0) campaigns.Add(CampaignCodec.Read(record.Payload));
        }

        return InProcessEngine.Items(campaigns, _host.Services.GetRequiredService<PolicyHolder>().Current);
    }
}
