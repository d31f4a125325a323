namespace AccountGrains.Core.Epochs;

/// <summary>Counts of messages, for metrics and reports.</summary>
public sealed class EpochCounts
{
    /// <summary>Calls to fingerprints that delivered reports.</summary>
    public long Reports { get; set; }

    /// <summary>Calls that asked a fingerprint for its popularity.</summary>
    public long Popularity { get; set; }

    /// <summary>Calls to campaigns.</summary>
    public long Campaigns { get; set; }

    /// <summary>Calls that told an account where it stands.</summary>
    public long Notices { get; set; }

    /// <summary>Calls to the index of campaigns.</summary>
    public long Index { get; set; }

    /// <summary>Messages that were not acknowledged, and are sent again.</summary>
    public long Resent { get; set; }

    /// <summary>All of them.</summary>
    public long Total => Reports + Popularity + Campaigns + Notices + Index;

    internal void Add(SiteCounts counts)
    {
        Reports += counts.Reports;
        Popularity += counts.Popularity;
        Resent += counts.Resent;
    }
}
