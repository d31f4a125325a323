using Orleans.Concurrency;

namespace AccountGrains.Abstractions.Correlation;

/// <summary>Ends the epochs of all silos, one at a time. There is one, with the key 0.</summary>
[GrainInterfaceType("epoch"), Alias("epoch")]
public interface IEpochGrain : IGrainWithIntegerKey
{
    /// <summary>Ends the epoch: returns when reports, notices and campaign changes have been delivered.</summary>
    [Alias("close"), ResponseTimeout("00:10:00")]
    ValueTask<EpochReport> CloseAsync(long end);

    /// <summary>Ends the epoch unless one is ending.</summary>
    [Alias("poke"), AlwaysInterleave]
    ValueTask PokeAsync();

    /// <summary>Gives a silo that starts the snapshot, and counts on it from the next epoch on.</summary>
    [Alias("enter")]
    ValueTask EnterAsync(SiloAddress silo);

    /// <summary>Takes a silo that stops out: gives its shards to others.</summary>
    [Alias("leave"), ResponseTimeout("00:01:00")]
    ValueTask LeaveAsync(SiloAddress silo);

    /// <summary>Stores the estimate of the population.</summary>
    [Alias("save")]
    ValueTask SaveAsync();
}

/// <summary>An epoch that ended, and what was sent for it.</summary>
[GenerateSerializer, Immutable, Alias("epoch-report")]
public readonly record struct EpochReport
{
    /// <summary>Its end, in event time.</summary>
    [Id(0)] public required long End { get; init; }

    /// <summary>Calls to fingerprints that delivered reports.</summary>
    [Id(1)] public required long Reports { get; init; }

    /// <summary>Calls that asked a fingerprint how many accounts show it.</summary>
    [Id(2)] public required long Popularity { get; init; }

    /// <summary>Calls to campaigns.</summary>
    [Id(3)] public required long Campaigns { get; init; }

    /// <summary>Calls to the index of campaigns.</summary>
    [Id(4)] public required long Index { get; init; }

    /// <summary>Calls that told an account where it stands.</summary>
    [Id(5)] public required long Notices { get; init; }

    /// <summary>Messages that were not acknowledged, and go again with the next epoch.</summary>
    [Id(6)] public required long Resent { get; init; }
}
