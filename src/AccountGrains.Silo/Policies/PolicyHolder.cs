using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Policies;

/// <summary>The policy in force; a reload swaps it whole and gives it the next version.</summary>
internal sealed class PolicyHolder(Policy first)
{
    private Policy _current = first;

    /// <summary>The policy of now.</summary>
    public Policy Current => Volatile.Read(ref _current);

    /// <summary>Puts another policy in force.</summary>
    public void Replace(Policy policy) => Volatile.Write(ref _current, policy with { Version = Current.Version + 1 });
}
