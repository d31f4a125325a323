using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using Orleans.Concurrency;

namespace AccountGrains.Abstractions.Accounts;

/// <summary>One API account. Its key is the account's keyed id.</summary>
[GrainInterfaceType("account"), Alias("account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Takes an observation in and answers with the verdict. The one call on the path of a request, which needs none where the account is loaded on the silo of its door: it awaits nothing.</summary>
    [Alias("observe"), ResponseTimeout("00:00:10")]
    ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation);

    /// <summary>Tells the account where it stands with campaigns and what it shares.</summary>
    [Alias("tell")]
    ValueTask<Message<AccountReply>> TellAsync(Message<AccountCall> call);

    /// <summary>The account's state; an empty payload when nothing was ever observed.</summary>
    [Alias("get")]
    ValueTask<StoredRecord> GetAsync();

    /// <summary>Stores what changed since the last time.</summary>
    [Alias("flush"), AlwaysInterleave]
    ValueTask FlushAsync();
}
