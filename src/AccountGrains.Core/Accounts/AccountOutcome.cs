using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;

namespace AccountGrains.Core.Accounts;

/// <summary>What one observation did to an account, and what must be told to whom.</summary>
public readonly record struct AccountOutcome
{
    /// <summary>True when the observation was seen before: nothing changed.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The verdict, as the policy means it; in shadow mode it is not enforced.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Which of the observation's fingerprints to report, as bits: see <see cref="ReportSet"/>.</summary>
    public ulong Reports { get; init; }

    /// <summary>What is true of the account at this observation, beside what it showed.</summary>
    public SightingTraits Traits { get; init; }

    /// <summary>What a report says about bans: 1, −1 or 0.</summary>
    public sbyte Bans { get; init; }

    /// <summary>True when the account has to be counted in the population: its first observation of a day, or the first at which it hops.</summary>
    public bool Active { get; init; }

    /// <summary>True when the account's last addresses are from three networks.</summary>
    public bool Hops { get; init; }

    /// <summary>How the account behaved up to the day before, when this is its first observation of a day that is not its first; else null.</summary>
    public PanelReport? Day { get; init; }

    /// <summary>What to tell the first campaign it stands with, null for nothing.</summary>
    public MemberActivity? First { get; init; }

    /// <summary>What to tell the second campaign it stands with, null for nothing.</summary>
    public MemberActivity? Second { get; init; }

    /// <summary>The change of verdict, null when it did not change.</summary>
    public Decision? Decision { get; init; }
}
