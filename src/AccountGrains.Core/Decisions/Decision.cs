namespace AccountGrains.Core.Decisions;

/// <summary>The record of a change of an account's verdict or campaign.</summary>
public sealed record Decision
{
    /// <summary>Derived from the account and <see cref="Number"/>: the same change always has the same id.</summary>
    public string Id => IdOf(Account, Number);

    /// <summary>Whose verdict changed.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The account's name.</summary>
    public required string Name { get; init; }

    /// <summary>Counts the account's decisions from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The observation's time, or the end of the epoch, that changed it: milliseconds since 1970, UTC.</summary>
    public required long Time { get; init; }

    /// <summary>The verdict from then on, as the policy means it; in shadow mode it is not enforced.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The probability of membership that the verdict rests on, 0..1.</summary>
    public required double Score { get; init; }

    /// <summary>The campaign's id, if the account is in one.</summary>
    public string? Campaign { get; init; }

    /// <summary>Why, strongest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>The policy that decided.</summary>
    public required int PolicyVersion { get; init; }

    /// <summary>The id of an account's decision; number 0 is the allow that every account starts with.</summary>
    public static string IdOf(AccountId account, int number)
    {
        var mixed = Mixing.Mix64(account.Token + ((ulong)number * 0x9E3779B97F4A7C15UL));
        return $"d_{mixed:x16}";
    }
}
