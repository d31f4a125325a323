using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Epochs;
using Orleans.Services;

namespace AccountGrains.Abstractions.Correlation;

/// <summary>What one silo does at the end of an epoch, as the others ask for it. Each silo has one.</summary>
[GrainInterfaceType("epoch-agent"), Alias("epoch-agent")]
public interface IEpochAgent : IGrainService
{
    /// <summary>Delivers what this silo's accounts left behind to the shards. Null when a later epoch was opened before.</summary>
    [Alias("collect")]
    ValueTask<Message<Collected>?> CollectAsync(SiloAddress[] sites, Message<EpochOpening> opening);

    /// <summary>Takes in what goes to this silo's shards.</summary>
    [Alias("deliver")]
    ValueTask DeliverAsync(SiloAddress from, Message<SiteDelivery> delivery);

    /// <summary>Gives fingerprints their reports.</summary>
    [Alias("report")]
    ValueTask<Message<Reported>> ReportAsync(Message<EpochWork> work);

    /// <summary>Tests the cohorts that are due.</summary>
    [Alias("test")]
    ValueTask<Message<Tested>> TestAsync(Message<EpochWork> work);

    /// <summary>Closes the epoch of the campaigns of this silo's shards.</summary>
    [Alias("close")]
    ValueTask<Message<Closed>> CloseAsync(Message<CloseCall> call);

    /// <summary>Publishes the next snapshot, in parts when it is a whole one, and the last decisions of all silos.</summary>
    [Alias("publish")]
    ValueTask PublishAsync(Message<SnapshotChange> change, Message<DecisionList> decisions);

    /// <summary>Tells those accounts that are on this silo where they stand; says nothing for the others.</summary>
    [Alias("tell")]
    ValueTask<Message<Told>> TellAsync(Message<TellCall> call);

    /// <summary>How many accounts show fingerprints of this silo's shards, below 0 where that is not known.</summary>
    [Alias("popularity")]
    ValueTask<int[]> PopularityAsync(Message<PopularityCall> call);

    /// <summary>How many accounts showed a fingerprint that waits in a shard of this silo; 0 for any other.</summary>
    [Alias("waiting")]
    ValueTask<int> WaitingAsync(Message<PopularityCall> call);

    /// <summary>Where this silo is.</summary>
    [Alias("hello")]
    ValueTask<AgentState> HelloAsync();

    /// <summary>Gives a shard to another silo; false when it is not here.</summary>
    [Alias("release")]
    ValueTask<bool> ReleaseAsync(int shard, SiloAddress to);

    /// <summary>Takes a shard over, piece by piece.</summary>
    [Alias("adopt")]
    ValueTask AdoptAsync(int shard, int piece, int pieces, byte[] state);

    /// <summary>Takes over what a silo that stops did not deliver.</summary>
    [Alias("inherit")]
    ValueTask InheritAsync(Message<LeftBehind> left);
}

/// <summary>Where a silo is.</summary>
[GenerateSerializer, Immutable, Alias("agent-state")]
public readonly record struct AgentState
{
    /// <summary>The number of the epoch that was opened last.</summary>
    [Id(0)] public required long Number { get; init; }

    /// <summary>The version of its snapshot.</summary>
    [Id(1)] public required long Snapshot { get; init; }

    /// <summary>The shards that it has.</summary>
    [Id(2)] public required int[] Shards { get; init; }
}
