using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>One thing that members of a campaign have in common.</summary>
internal sealed class Evidence
{
    public required Fingerprint Fingerprint { get; init; }

    public MemberSet Holders { get; init; } = new();

    /// <summary>When a member first and last showed it.</summary>
    public long FirstSeen { get; set; }

    public long LastSeen { get; set; }

    /// <summary>Accounts that have it and are no members, as of the last weighing.</summary>
    public int Outside { get; set; }

    /// <summary>In how many requests of members it was.</summary>
    public int Hits { get; set; }

    /// <summary>True when those members that have it behave unlike the others: then it is their own, and no evidence.</summary>
    public bool Vetoed { get; set; }

    /// <summary>True while its table has it among what members share.</summary>
    internal bool IsShared { get; set; }

    /// <summary>True once it is known how many others have it: before that it weighs nothing.</summary>
    public bool Measured { get; set; }

    /// <summary>Weight for an account that is no member.</summary>
    public double Weight { get; set; }

    /// <summary>Weight for a member: it does not count for itself.</summary>
    public double MemberWeight { get; set; }

    /// <summary>
    /// Fills the weights in. A popularity below 0 is not known: the last one known counts. What sketches counted is taken with two standard errors
    /// against the evidence, so that their errors never make a common thing look like the campaign's own. What was last seen before a time is too old to weigh anything.
    /// </summary>
    public void Weigh(int members, int accounts, PopulationView population, Policy policy, long expired = long.MinValue)
    {
        var k = Math.Min(Holders.Count, members);
        if (accounts >= 0)
        {
            double all = FingerprintState.StandardErrorOf(Fingerprint.Kind, accounts) * accounts, inside = MemberSet.StandardErrorOf(k) * k;
            var doubt = 2 * Math.Sqrt((all * all) + (inside * inside));
            Outside = (int)Math.Min(int.MaxValue, Math.Max(0, accounts - k) + doubt);
        }

        Measured |= accounts >= 0;
        if (!Measured || Vetoed || LastSeen < expired)
        {
            (Weight, MemberWeight) = (0, 0);
            return;
        }

        var active = policy.PopulationFor(Fingerprint.Kind, Math.Max(population.Active, members + (double)Outside));
        var (factor, outside) = (policy.FactorOf(Fingerprint.Kind.Family()), Outside * policy.PopularityFactor);
        Weight = factor * Likelihood.Membership(k, members, outside, active, policy.FamilyCap);
        MemberWeight = factor * Likelihood.Membership(k - 1, members, outside, active, policy.FamilyCap);
    }
}
