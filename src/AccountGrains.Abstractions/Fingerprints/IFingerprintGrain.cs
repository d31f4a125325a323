using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Epochs;
using Orleans.Concurrency;

namespace AccountGrains.Abstractions.Fingerprints;

/// <summary>One fingerprint that several accounts have shown. Its key is its kind and keyed id.</summary>
[GrainInterfaceType("fingerprint"), Alias("fingerprint")]
public interface IFingerprintGrain : IGrainWithStringKey
{
    /// <summary>Takes in the reports of one epoch.</summary>
    [Alias("report")]
    ValueTask<Message<FingerprintReply>> ReportAsync(Message<FingerprintCall> call);

    /// <summary>How many accounts have shown it.</summary>
    [Alias("popularity")]
    ValueTask<int> PopularityAsync();

    /// <summary>The fingerprint's state; an empty payload when there is none.</summary>
    [Alias("get")]
    ValueTask<StoredRecord> GetAsync();

    /// <summary>Stores what changed since the last time.</summary>
    [Alias("flush"), AlwaysInterleave]
    ValueTask FlushAsync();
}
