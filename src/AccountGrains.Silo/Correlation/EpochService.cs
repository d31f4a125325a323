using AccountGrains.Abstractions.Correlation;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>This silo's part in epochs, for the rest of the process: it enters, has epochs ended, and leaves.</summary>
internal sealed partial class EpochService(IGrainFactory grains, EpochAgents agents, EpochAgent agent, SnapshotHolder snapshots, ShardOwners owners, EpochMetrics metrics, ILogger<EpochService> logger)
{
    private const int Tries = 3;
    private const int TriesAlone = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What was sent since this silo ends the epochs.</summary>
    public EpochCounts Counts => metrics.Counts;

    /// <summary>This silo's shards, which hold its part of the first-seen table.</summary>
    public ShardSet FirstSeen => agent.Site.Shards;

    /// <summary>Reports and activities that found no room, and pieces that wait for another silo.</summary>
    public (long Dropped, int Waiting) Backlog => (agent.Site.Batch.Dropped + agent.Site.Shards.Dropped, agent.Peers.Waiting);

    /// <summary>When the last epoch ended here, in clock time; milliseconds since 1970, 0 when another silo ends them.</summary>
    public long LastEnd => metrics.LastEnd;

    /// <summary>True when it is this silo that ends the epochs.</summary>
    public bool IsHere => metrics.IsHere;

    private IEpochGrain Epoch => grains.GetGrain<IEpochGrain>(0);

    /// <summary>Gets the snapshot before accounts come here, when there are others to get it from.</summary>
    public async Task EnterEarlyAsync()
    {
        if (agents.Others.Count == 0) return;
        try
        {
            await Epoch.EnterAsync(agents.Here).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            NotEntered(e);
        }
    }

    /// <summary>Gets the snapshot; returns when it is here. Without others it is made of what is stored, and a store that does not answer at first is asked again.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var left = TriesAlone;
        while (snapshots.Current.Version <= 0)
        {
            try
            {
                await Epoch.EnterAsync(agents.Here).ConfigureAwait(false);
            }
            catch (Exception e) when ((agents.Others.Count > 0 || --left > 0) && e is not OperationCanceledException)
            {
                NotEntered(e);
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends a live epoch, as of the latest event seen, unless one is ending: evidence ages with the traffic, not with the clock.</summary>
    public async Task PokeAsync()
    {
        try
        {
            await Epoch.PokeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NotPoked(e);
        }
    }

    /// <summary>Ends the epoch: returns when reports, notices and campaign changes have been delivered.</summary>
    public async Task<EpochReport> CloseAsync(long end)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return await Epoch.CloseAsync(end).ConfigureAwait(false);
            }
            catch (Exception e) when (left > 1 && e is OrleansMessageRejectionException or SiloUnavailableException)
            {
                // The silo that ends the epochs left; another one does so now. What was delivered already is not delivered twice.
                NotClosed(e);
                await Task.Delay(Pause).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Ends the last epoch: what waits here is said, or nobody would say it again after the next start. What a slow store did not let through is tried again for as long as
    /// more and more of it goes through.
    /// </summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        var least = int.MaxValue;
        for (var left = TriesAlone; left > 0; left--)
        {
            await PokeAsync().ConfigureAwait(false);
            var depth = agent.Depth;
            if (depth == 0) return;
            if (depth < least) (least, left) = (depth, TriesAlone);
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }

        NotSaid(least);
    }

    /// <summary>Stores the population's estimate.</summary>
    public async Task SaveAsync() => await Epoch.SaveAsync().ConfigureAwait(false);

    /// <summary>Gives this silo's shards to others; false when they stay.</summary>
    public async Task<bool> LeaveAsync()
    {
        try
        {
            await Epoch.LeaveAsync(agents.Here).ConfigureAwait(false);
            return FirstSeen.Numbers.Length == 0;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NotLeft(e);
            return false;
        }
    }

    /// <summary>Gives others what waits here, now that nothing more comes; false when there is nobody to give it to.</summary>
    public async Task<bool> HandOverAsync()
    {
        var left = agent.Leave();
        foreach (var other in agents.Others)
        {
            try
            {
                await agents.At(other).InheritAsync(new Message<LeftBehind>(left)).ConfigureAwait(false);
                return true;
            }
            catch (Exception e)
            {
                NotHandedOver(e, other);
            }
        }

        return false;
    }

    /// <summary>How many accounts showed a fingerprint that waits in its shard, wherever that is; 0 for any other.</summary>
    public async ValueTask<int> WaitingAsync(Fingerprint fingerprint) =>
        owners.Of(Shard.Of(fingerprint)) is { } owner ? await agents.At(owner).WaitingAsync(new(new PopularityCall([fingerprint], false))).ConfigureAwait(false) : 0;

    [LoggerMessage(1210, LogLevel.Warning, "{Count} reports could not be given to their fingerprints and campaigns; accounts make them again at their next refresh")]
    private partial void NotSaid(int count);

    [LoggerMessage(1205, LogLevel.Warning, "The snapshot could not be had yet; it is tried again")]
    private partial void NotEntered(Exception exception);

    [LoggerMessage(1209, LogLevel.Warning, "The epoch could not be ended by the silo that was asked; it is asked for again")]
    private partial void NotClosed(Exception exception);

    [LoggerMessage(1206, LogLevel.Warning, "The end of an epoch could not be asked for; it is tried again")]
    private partial void NotPoked(Exception exception);

    [LoggerMessage(1208, LogLevel.Warning, "The shards of this silo could not be given to others")]
    private partial void NotLeft(Exception exception);

    [LoggerMessage(1207, LogLevel.Warning, "Silo {Silo} did not take over what was left here")]
    private partial void NotHandedOver(Exception exception, SiloAddress silo);
}
