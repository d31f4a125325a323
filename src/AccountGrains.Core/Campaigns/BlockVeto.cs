using System.Runtime.InteropServices;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// Members that share a value (a card, a client, an address, a prefix) are one block. When a block behaves unlike the rest, what it shares is its own and
/// no evidence for anybody (what many others have too is none anyway): a company that uses the campaign's public prompt, a household behind one of its exits. A fleet's blocks are alike.
/// </summary>
internal static class BlockVeto
{
    private const int Smallest = 4;
    private const int SmallestAgainst = 5;
    private const int FewestRequests = 20;
    private const int FewestInTime = 8;

    /// <summary>Judges every block anew and notes on evidence and members what is vetoed.</summary>
    public static void Apply(Campaign campaign, bool lenient, Policy policy)
    {
        campaign.Evidence.LiftVetoes();
        foreach (var member in campaign.Members.All) member.Vetoed = false;
        if (campaign.MemberCount < 2 * Smallest) return;
        var all = Tally.Of(campaign.Members.Values);
        var sizes = new Dictionary<ulong, int>();
        for (var v = 0; v < Sighting.ValueCount; v++)
        {
            sizes.Clear();
            foreach (var member in campaign.Members.All) CollectionsMarshal.GetValueRefOrAddDefault(sizes, member.Value(v), out _)++;
            sizes.Remove(0);
            foreach (var (value, size) in sizes)
            {
                if (size < Smallest || campaign.Evidence.Find(value) is not { } evidence || evidence.Outside > 2 * size) continue;
                var index = v;
                Member[] members = [.. campaign.Members.Values.Where(m => m.Value(index) == value)];
                if (IsVetoed(Tally.Of(members), all, lenient, policy)) Veto(campaign, evidence, members);
            }
        }
    }

    private static bool IsVetoed(in Tally block, in Tally all, bool lenient, Policy policy)
    {
        var rest = all.Without(block);
        return Against(block, rest, lenient) || Unlike(block, rest, policy);
    }

    private static void Veto(Campaign campaign, Evidence evidence, Member[] members)
    {
        campaign.Evidence.Veto(evidence);
        foreach (var member in members) member.Vetoed = true;
    }

    /// <summary>Its requests speak against it, and those of the rest do not.</summary>
    private static bool Against(in Tally block, in Tally rest, bool lenient)
    {
        double ours = lenient ? block.LenientWalk : block.Walk, theirs = lenient ? rest.LenientWalk : rest.Walk;
        return block.Members >= SmallestAgainst && ours <= -4 && (rest.Members < Smallest || ours / block.Members <= (theirs / rest.Members) - 1);
    }

    private static bool Unlike(in Tally block, in Tally rest, Policy policy)
    {
        if (rest.Members < Smallest) return false;
        if (block.Fresh <= 0.3 * block.Members && rest.Fresh >= 0.85 * rest.Members) return true;
        if (block.Seen >= Smallest && block.InTime <= 0.25 * block.Seen && rest.Seen >= FewestInTime && rest.InTime >= 0.6 * rest.Seen) return true;
        return WorksLess(block, rest, policy);
    }

    /// <summary>Matches much less often than the rest, by some standard errors.</summary>
    private static bool WorksLess(in Tally block, in Tally rest, Policy policy)
    {
        if (block.Requests < FewestRequests || rest.Requests < FewestRequests) return false;
        double ours = block.Matched / block.Requests, theirs = rest.Matched / rest.Requests;
        var pooled = (block.Matched + rest.Matched) / (block.Requests + rest.Requests);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1 / block.Requests) + (1 / rest.Requests)));
        return ours < policy.BlockRatio * theirs && error > 0 && (theirs - ours) / error >= policy.BlockDeviations;
    }

    private readonly record struct Tally(int Members, int Fresh, int Seen, int InTime, double Requests, double Matched, double Walk, double LenientWalk)
    {
        public static Tally Of(IEnumerable<Member> members)
        {
            var tally = default(Tally);
            foreach (var m in members)
            {
                tally = new Tally(tally.Members + 1, tally.Fresh + (m.SignedUpInSight ? 1 : 0), tally.Seen + (m.Requests >= 4 ? 1 : 0),
                    tally.InTime + (m.Requests >= 4 && m.InTime ? 1 : 0), tally.Requests + m.Requests, tally.Matched + m.Matched, tally.Walk + m.Walk, tally.LenientWalk + m.LenientWalk);
            }

            return tally;
        }

        public Tally Without(in Tally block) => new(Members - block.Members, Fresh - block.Fresh, Seen - block.Seen, InTime - block.InTime,
            Requests - block.Requests, Matched - block.Matched, Walk - block.Walk, LenientWalk - block.LenientWalk);
    }
}
