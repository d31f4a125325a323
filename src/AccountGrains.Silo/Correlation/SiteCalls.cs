using AccountGrains.Abstractions.Correlation;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Correlation;

/// <summary>Calls the agents of silos, each for a bounded time: an epoch goes on without a silo that does not answer. Null stands for no answer.</summary>
internal sealed partial class SiteCalls(EpochAgents agents, IOptions<TrackerOptions> options, ILogger<SiteCalls> logger)
{
    private readonly TimeSpan _patience = options.Value.Epoch.Patience;

    public async ValueTask<Collected?> CollectAsync(SiloAddress silo, SiloAddress[] sites, EpochOpening opening) =>
        (await TryAsync(silo, a => a.CollectAsync(sites, new(opening))).ConfigureAwait(true))?.Value;

    public async ValueTask<Reported?> ReportAsync(SiloAddress silo, EpochWork work) => (await TryAsync(silo, a => a.ReportAsync(new(work))).ConfigureAwait(true))?.Value;

    public async ValueTask<Tested?> TestAsync(SiloAddress silo, EpochWork work) => (await TryAsync(silo, a => a.TestAsync(new(work))).ConfigureAwait(true))?.Value;

    public async ValueTask<Closed?> CloseAsync(SiloAddress silo, CloseCall call) => (await TryAsync(silo, a => a.CloseAsync(new(call))).ConfigureAwait(true))?.Value;

    /// <summary>Publishes a snapshot at a silo; the decisions go with its last part.</summary>
    public async ValueTask<object?> PublishAsync(SiloAddress silo, IReadOnlyList<SnapshotChange> changes, IReadOnlyList<Decision> decisions)
    {
        object? done = null;
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var news = new Message<DecisionList>(new DecisionList(i == changes.Count - 1 ? decisions : []));
            done = await TryAsync(silo, a => GrainCalls.DoneAsync(a.PublishAsync(new(change), news))).ConfigureAwait(true);
            if (done is null) break;
        }

        return done;
    }

    public async ValueTask<bool> ReleaseAsync(SiloAddress silo, int shard, SiloAddress to) =>
        await TryAsync(silo, async a => (object)await a.ReleaseAsync(shard, to).ConfigureAwait(true)).ConfigureAwait(true) is true;

    public async Task<AgentState?> HelloAsync(SiloAddress silo) =>
        await TryAsync(silo, async a => (object)await a.HelloAsync().ConfigureAwait(true)).ConfigureAwait(true) is AgentState state ? state : null;

    private async ValueTask<T?> TryAsync<T>(SiloAddress silo, Func<IEpochAgent, ValueTask<T>> call)
        where T : class?
    {
        try
        {
            var pending = call(agents.At(silo));
            return pending.IsCompleted ? await pending.ConfigureAwait(true) : await pending.AsTask().WaitAsync(_patience, TimeProvider.System).ConfigureAwait(true);
        }
        catch (Exception e)
        {
            NoAnswer(e, silo);
            return null;
        }
    }

    [LoggerMessage(1204, LogLevel.Warning, "Silo {Silo} did not answer at the end of an epoch, which goes on without it")]
    private partial void NoAnswer(Exception exception, SiloAddress silo);
}
