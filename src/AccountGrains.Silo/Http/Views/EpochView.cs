using AccountGrains.Abstractions.Correlation;

namespace AccountGrains.Silo.Http.Views;

/// <summary>An epoch that was closed, and the messages sent for it.</summary>
internal sealed record EpochView
{
    /// <summary>Its end.</summary>
    public required string Until { get; init; }

    /// <summary>Calls to fingerprints that delivered reports.</summary>
    public long Reports { get; init; }

    /// <summary>Calls that asked a fingerprint how many accounts show it.</summary>
    public long Popularity { get; init; }

    /// <summary>Calls to campaigns.</summary>
    public long Campaigns { get; init; }

    /// <summary>Calls to the index of campaigns.</summary>
    public long Index { get; init; }

    /// <summary>Calls that told an account where it stands.</summary>
    public long Notices { get; init; }

    /// <summary>Messages that were not acknowledged, and go again with the next epoch.</summary>
    public long Resent { get; init; }

    /// <summary>The view of a report.</summary>
    public static EpochView Of(long until, EpochReport report) => new()
    {
        Until = Json.Time(until),
        Reports = report.Reports,
        Popularity = report.Popularity,
        Campaigns = report.Campaigns,
        Index = report.Index,
        Notices = report.Notices,
        Resent = report.Resent,
    };
}
