using AccountGrains.Abstractions.Correlation;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <inheritdoc cref="IEpochAgent"/>
internal sealed class EpochAgentService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, EpochAgent agent, AccountTeller teller, ShardTransfer transfer)
    : GrainService(id, silo, loggers), IEpochAgent
{
    public ValueTask<Message<Collected>?> CollectAsync(SiloAddress[] sites, Message<EpochOpening> opening) => agent.InTurnAsync(async () =>
    {
        var collected = await agent.CollectAsync(sites, opening.Value);
        return collected is null ? null : new Message<Collected>(collected);
    });

    public ValueTask DeliverAsync(SiloAddress from, Message<SiteDelivery> delivery)
    {
        if (agent.Peers.IsNew(from, delivery.Value.Number)) agent.Site.Take(delivery.Value);
        return ValueTask.CompletedTask;
    }

    public ValueTask<Message<Reported>> ReportAsync(Message<EpochWork> work) => agent.InTurnAsync(async () => new Message<Reported>(await agent.Site.ReportAsync(Current(work.Value))));

    public ValueTask<Message<Tested>> TestAsync(Message<EpochWork> work) => agent.InTurnAsync(async () => new Message<Tested>(await agent.Site.TestAsync(Current(work.Value))));

    public ValueTask<Message<Closed>> CloseAsync(Message<CloseCall> call) => agent.InTurnAsync(async () =>
    {
        Require(call.Value.Number);
        return new Message<Closed>(await agent.Site.CloseAsync(call.Value));
    });

    public ValueTask PublishAsync(Message<SnapshotChange> change, Message<DecisionList> decisions)
    {
        agent.Publish(change.Value, decisions.Value);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<Message<Told>> TellAsync(Message<TellCall> call) => new(await teller.TellHereAsync(call.Value.Calls));

    public async ValueTask<int[]> PopularityAsync(Message<PopularityCall> call) => await agent.Site.PopularityAsync(call.Value);

    public ValueTask<int> WaitingAsync(Message<PopularityCall> call)
    {
        var fingerprint = call.Value.Fingerprints[0];
        return new(agent.Site.Shards[Shard.Of(fingerprint)]?.FirstSeen.Waiting(fingerprint) ?? 0);
    }

    public ValueTask<AgentState> HelloAsync() => new(agent.State);

    public ValueTask<bool> ReleaseAsync(int shard, SiloAddress to) => agent.InTurnAsync(() => transfer.ReleaseAsync(agent.Site, shard, to));

    public ValueTask AdoptAsync(int shard, int piece, int pieces, byte[] state)
    {
        transfer.Adopt(agent.Site, shard, piece, pieces, state);
        return ValueTask.CompletedTask;
    }

    public ValueTask InheritAsync(Message<LeftBehind> left)
    {
        agent.Inherit(left.Value);
        return ValueTask.CompletedTask;
    }

    private EpochWork Current(EpochWork work)
    {
        Require(work.Number);
        return work;
    }

    /// <summary>A step of an epoch that was given up must not be done in the next.</summary>
    private void Require(long number)
    {
        if (number != agent.Site.Number) throw new InvalidOperationException($"Epoch {number} is over: {agent.Site.Number} was opened after it.");
    }
}
