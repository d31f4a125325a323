using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Abstractions.Campaigns;

/// <summary>All campaigns: who is in which, where a cohort goes, which are one. There is one, with the key 0.</summary>
[GrainInterfaceType("campaign-index"), Alias("campaign-index")]
public interface ICampaignIndexGrain : IGrainWithIntegerKey
{
    /// <summary>Finds places for proposals.</summary>
    [Alias("place")]
    ValueTask<Message<PlaceReply>> PlaceAsync(Message<PlaceCall> call);

    /// <summary>Takes in what became of campaigns; says which are one now.</summary>
    [Alias("update")]
    ValueTask<MergerWire[]> UpdateAsync(Message<UpdateCall> call);

    /// <summary>Replaces the signature of a campaign that took another in.</summary>
    [Alias("replace")]
    ValueTask ReplaceAsync(Message<MergerOutcome> outcome);

    /// <summary>Campaigns that fell silent, and watched ones beyond the limit.</summary>
    [Alias("sweep")]
    ValueTask<SweepReply> SweepAsync(long end);

    /// <summary>Forgets campaigns.</summary>
    [Alias("remove")]
    ValueTask RemoveAsync(ulong[] campaigns);

    /// <summary>All campaigns that were ever founded and are kept, tombstones included, by id.</summary>
    [Alias("list")]
    ValueTask<ulong[]> ListAsync();

    /// <summary>How all campaigns are recognised.</summary>
    [Alias("signatures")]
    ValueTask<Message<Signatures>> SignaturesAsync();
}

/// <summary>The sent form of a merger.</summary>
[GenerateSerializer, Immutable, Alias("merger")]
public readonly record struct MergerWire
{
    /// <summary>The younger campaign.</summary>
    [Id(0)] public required ulong From { get; init; }

    /// <summary>The one that stays.</summary>
    [Id(1)] public required ulong Into { get; init; }
}

/// <summary>What a sweep found.</summary>
[GenerateSerializer, Immutable, Alias("sweep-reply")]
public readonly record struct SweepReply
{
    /// <summary>Campaigns that fell silent.</summary>
    [Id(0)] public required ulong[] Silent { get; init; }

    /// <summary>Watched campaigns beyond the limit.</summary>
    [Id(1)] public required ulong[] Surplus { get; init; }
}
