using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Epochs;

namespace AccountGrains.Abstractions.Campaigns;

/// <summary>One campaign. Its key is its id.</summary>
[GrainInterfaceType("campaign"), Alias("campaign")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Works the end of an epoch. Changes of membership and status are stored before this returns.</summary>
    [Alias("close")]
    ValueTask<Message<CampaignOutcome>?> CloseAsync(Message<CampaignCall> call);

    /// <summary>Makes this the campaign in the record, for instance one that split off.</summary>
    [Alias("adopt")]
    ValueTask AdoptAsync(StoredRecord campaign);

    /// <summary>Takes another campaign in.</summary>
    [Alias("absorb")]
    ValueTask<Message<MergerOutcome>> AbsorbAsync(StoredRecord other, Message<CampaignCall> call);

    /// <summary>Becomes a tombstone that forwards to another campaign.</summary>
    [Alias("bury")]
    ValueTask BuryAsync(ulong into, long end);

    /// <summary>Closes it for good.</summary>
    [Alias("dissolve")]
    ValueTask<Message<Standings>> DissolveAsync();

    /// <summary>Takes in what new members said.</summary>
    [Alias("acknowledge")]
    ValueTask AcknowledgeAsync(Message<JoinReplies> replies);

    /// <summary>The campaign's state; an empty payload when there is none.</summary>
    [Alias("get")]
    ValueTask<StoredRecord> GetAsync();

    /// <summary>Stores what changed since the last time.</summary>
    [Alias("flush")]
    ValueTask FlushAsync();
}
