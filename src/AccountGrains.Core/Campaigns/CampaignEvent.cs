namespace AccountGrains.Core.Campaigns;

/// <summary>What happened to a campaign. The numbers are stored and never change.</summary>
public enum CampaignEventKind : byte
{
    /// <summary>A cohort was found.</summary>
    Founded = 1,

    /// <summary>Coordination was proved and verdicts follow.</summary>
    Activated = 2,

    /// <summary>The evidence fell below what verdicts need; its members were lifted.</summary>
    Lapsed = 3,

    /// <summary>Another campaign became part of it.</summary>
    Absorbed = 4,

    /// <summary>It became part of another campaign.</summary>
    Merged = 5,

    /// <summary>A part of it became a campaign of its own.</summary>
    Split = 6,

    /// <summary>Its members fell silent.</summary>
    FellSilent = 7,

    /// <summary>Its accounts were proved to take turns.</summary>
    TurnsProved = 8,

    /// <summary>Its accounts were proved to share several cards.</summary>
    CardsProved = 9,

    /// <summary>A member was banned elsewhere.</summary>
    MemberBanned = 10,

    /// <summary>Its accounts were proved to act at the same moments.</summary>
    BurstsProved = 11,

    /// <summary>Its accounts were proved to walk through the same addresses of several networks.</summary>
    ExitsProved = 12,
}

/// <summary>One line of a campaign's timeline.</summary>
/// <param name="Time">When it became known, in milliseconds since 1970.</param>
/// <param name="Kind">What.</param>
/// <param name="Members">The number of members then.</param>
/// <param name="Other">The other campaign, where there is one.</param>
public readonly record struct CampaignEvent(long Time, CampaignEventKind Kind, int Members, CampaignId Other);
