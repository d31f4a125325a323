using AccountGrains.Core;

namespace AccountGrains.Silo.Http.Views;

/// <summary>A fingerprint: how many show it, and what that is worth.</summary>
internal sealed record FingerprintView
{
    /// <summary>The form that everything else shows.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Its family.</summary>
    public required string Family { get; init; }

    /// <summary>How many accounts have shown it.</summary>
    public int Accounts { get; init; }

    /// <summary>Their share of the active population.</summary>
    public double Share { get; init; }

    /// <summary>What sharing it is worth, in nats; left out while too few share it.</summary>
    public double? Weight { get; init; }

    /// <summary>When it was first reported.</summary>
    public string? FirstSeen { get; init; }

    /// <summary>When it was last reported.</summary>
    public string? LastSeen { get; init; }

    /// <summary>New accounts per hour, lately.</summary>
    public double? NewPerHour { get; init; }

    /// <summary>How many of its accounts were banned.</summary>
    public int? Banned { get; init; }

    /// <summary>Accounts that showed it lately.</summary>
    public IReadOnlyList<string>? RecentAccounts { get; init; }

    /// <summary>Campaigns that it is evidence of.</summary>
    public IReadOnlyList<string>? Campaigns { get; init; }

    /// <summary>What is known of one that has no grain yet.</summary>
    public static FingerprintView Of(Fingerprint fingerprint, int accounts, double active) => new()
    {
        Fingerprint = fingerprint.ToString(),
        Kind = fingerprint.Kind.Name(),
        Family = fingerprint.Kind.Family().Name(),
        Accounts = accounts,
        Share = Math.Round(accounts / Math.Max(active, accounts), 6),
    };
}
