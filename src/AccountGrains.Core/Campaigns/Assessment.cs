using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>What all evidence about a campaign adds up to, in nats, and whether it proves coordination.</summary>
/// <param name="Share">Members' requests are the campaign's work (S, or S1 where a proof lets it count).</param>
/// <param name="Newness">Its accounts are new (Nw).</param>
/// <param name="Timing">It acts as one (Tm).</param>
/// <param name="Focus">It wants few things (Fo).</param>
/// <param name="Narrow">True when its target is narrow, or requests carry no capability.</param>
/// <param name="FamilyHolds">True when some family other than the template links enough members.</param>
/// <param name="NetworkAlone">True when only the network links old accounts in one place.</param>
/// <param name="Proofs">What proves that its accounts act as one.</param>
/// <param name="Families">Families that link at least a fifth of its members, as bits.</param>
public readonly record struct Assessment(
    double Share, double Newness, double Timing, double Focus, bool Narrow, bool FamilyHolds, bool NetworkAlone, CoordinationProofs Proofs, int Families)
{
    /// <summary>All of it.</summary>
    public double Total => Share + Newness + Timing + Focus;

    internal static Assessment Of(IReadOnlyCollection<Member> members, EvidenceTable table, bool turns, (double Walk, double Lenient) gone, bool wasNarrow, PopulationView population, Policy policy)
    {
        var links = members.Select(m => LinksOf(m, table, policy)).ToArray();
        var families = 0;
        bool thirty = false;
        for (var family = EvidenceFamily.Network; family <= EvidenceFamily.Device; family++)
        {
            var linked = links.Count(l => (l & (1 << (int)family)) != 0);
            if (linked >= policy.FamilyCoverage * members.Count && linked > 0) families |= 1 << (int)family;
            thirty |= linked > 0 && linked >= 0.3 * members.Count;
        }

        var any = links.Count(l => l != 0);
        var newness = NewnessOf(members, population);
        var place = OnePlace(members, table, policy);
        var proofs = (turns ? CoordinationProofs.Turns : 0) | (SharedCards(members, table, place, policy) ? CoordinationProofs.Cards : 0);
        var counted = any >= 5 && any >= 0.25 * members.Count ? members.Where((_, i) => links[i] != 0) : members;
        var share = newness >= 3 || proofs != 0 ? gone.Lenient + counted.Sum(m => m.LenientWalk) : gone.Walk + counted.Sum(m => m.Walk);
        var (narrow, focus) = Target(members, wasNarrow, policy);
        var onlyNetwork = families == 1 << (int)EvidenceFamily.Network && place && newness < 3 && !turns;
        return new Assessment(share, newness, turns ? 6 : 0, focus, narrow, thirty || any >= 0.5 * members.Count, onlyNetwork, proofs, families);
    }

    /// <summary>Newness Nw: the likelihood that 90 % of members signed up in sight against the population's share, mixed half and half with chance, at most 10.</summary>
    private static double NewnessOf(IReadOnlyCollection<Member> members, PopulationView population)
    {
        var b = Math.Clamp(population.NewShare, 1e-6, 1 - 1e-6);
        double fresh = members.Count(m => m.SignedUpInSight), old = members.Count - fresh;
        var ratio = (fresh * Math.Log(0.9 / b)) + (old * Math.Log(0.1 / (1 - b)));
        return ratio > 20 ? 10 : Math.Min(10, Math.Log(0.5 + (0.5 * Math.Exp(ratio))));
    }

    private static int LinksOf(Member member, EvidenceTable table, Policy policy)
    {
        var links = 0;
        for (var i = 0; i < Sighting.ValueCount; i++)
        {
            if (Linking(member, i, table, policy) is not null) links |= 1 << (int)Sighting.KindAt(i).Family();
        }

        return links;
    }

    private static Evidence? Linking(Member member, int index, EvidenceTable table, Policy policy)
    {
        if (member.Value(index) == 0) return null;
        var evidence = table.Find(member.Value(index));
        return evidence is not null && evidence.Holders.Count >= 2 && evidence.MemberWeight >= policy.ValueWeight ? evidence : null;
    }

    /// <summary>Sizes of the groups of members that share a value of one kind.</summary>
    private static List<int> Groups(IReadOnlyCollection<Member> members, EvidenceTable table, FingerprintKind kind, Policy policy)
    {
        var index = 0;
        while (Sighting.KindAt(index) != kind) index++;
        return [.. members.Select(m => Linking(m, index, table, policy)).Where(e => e is not null).GroupBy(e => e!.Fingerprint).Select(g => g.Count())];
    }

    private static (double Cover, double Number) Cover(IReadOnlyCollection<Member> members, List<int> groups)
    {
        double sum = groups.Sum(), squares = groups.Sum(g => (double)g * g);
        return (sum / Math.Max(1, members.Count), Likelihood.EffectiveNumber(sum, squares));
    }

    private static bool OnePlace(IReadOnlyCollection<Member> members, EvidenceTable table, Policy policy)
    {
        var (cover, number) = Cover(members, Groups(members, table, FingerprintKind.Prefix, policy));
        return cover >= 0.7 && number < 6;
    }

    /// <summary>Proof B: several shared cards. One card, or two, is a company.</summary>
    private static bool SharedCards(IReadOnlyCollection<Member> members, EvidenceTable table, bool onePlace, Policy policy)
    {
        var (cover, number) = Cover(members, Groups(members, table, FingerprintKind.Payment, policy));
        return cover >= policy.CardCover && number >= (onePlace ? policy.CardNumberInOnePlace : policy.CardNumber);
    }

    /// <summary>Unbiased collision probability of what matched requests asked for, at most four of each member, less 1.5 standard errors.</summary>
    private static (bool Narrow, double Focus) Target(IReadOnlyCollection<Member> members, bool wasNarrow, Policy policy)
    {
        var counts = members.SelectMany(m => m.Capabilities).GroupBy(c => c).Select(g => (double)g.Count()).ToArray();
        var n = counts.Sum();
        if (n == 0) return (true, 0);
        if (n < 6) return (false, 0);
        var collision = counts.Sum(c => c * (c - 1)) / (n * (n - 1));
        double squares = counts.Sum(c => c * c / (n * n)), cubes = counts.Sum(c => c * c * c / (n * n * n));
        var error = 2 * Math.Sqrt(Math.Max(0, cubes - (squares * squares)) / n);
        var low = collision - (1.5 * error);
        var narrow = low >= policy.NarrowTarget || (wasNarrow && collision >= 0.9 * policy.NarrowTarget);
        return (narrow, low > policy.NarrowTarget ? Math.Min(4, n / 2 * Math.Log(low / policy.NarrowTarget)) : 0);
    }
}
