namespace AccountGrains.Core.Campaigns;

/// <summary>What the index keeps of a campaign.</summary>
public sealed class IndexEntry
{
    /// <summary>Which campaign.</summary>
    public required CampaignId Id { get; init; }

    /// <summary>When it was founded.</summary>
    public required long FoundedAt { get; init; }

    /// <summary>How it is recognised; null before its first epoch's end.</summary>
    public CampaignSignature? Signature { get; internal set; }

    /// <summary>When a member last did something, as far as the index was told.</summary>
    public long LastActivity { get; internal set; }

    /// <summary>Its members.</summary>
    public IReadOnlyCollection<AccountId> Members => Accounts;

    internal SortedSet<AccountId> Accounts { get; } = [];

    /// <summary>Those of them of whom the campaign was told that they repeat another, as far as it is known here.</summary>
    internal HashSet<AccountId> Paired { get; } = [];

    internal int CheckedAt { get; set; }

    internal bool IsRing { get; set; }
}
