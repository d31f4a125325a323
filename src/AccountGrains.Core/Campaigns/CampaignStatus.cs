namespace AccountGrains.Core.Campaigns;

/// <summary>Where a campaign stands. The numbers are stored and never change.</summary>
public enum CampaignStatus : byte
{
    /// <summary>A cohort without a proof of coordination: nobody gets a verdict for it.</summary>
    Watched = 0,

    /// <summary>Proved: its members' verdicts follow from it.</summary>
    Active = 1,

    /// <summary>No member was seen for long.</summary>
    Dormant = 2,

    /// <summary>Nothing is left of it.</summary>
    Closed = 3,

    /// <summary>A tombstone that forwards to the campaign it became part of.</summary>
    Merged = 4,
}

/// <summary>Kinds of proof that accounts act as one, as flags.</summary>
[Flags]
public enum CoordinationProofs : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Its accounts take turns as a dispatcher makes them.</summary>
    Turns = 1,

    /// <summary>Its accounts pay with several shared cards.</summary>
    Cards = 2,

    /// <summary>Its accounts act at the same moments.</summary>
    Bursts = 4,

    /// <summary>Its accounts walk through the same addresses of several networks.</summary>
    Exits = 8,
}
