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
/// <param name="OneCustomer">True when one place or one card explains all of it: then its rhythm proves nothing.</param>
/// <param name="HopWeight">What it is worth that an account walks through networks as its accounts do, in nats.</param>
/// <param name="Bans">Its accounts are banned elsewhere more than others, and replaced; not stored, since it follows from the members at each weighing.</param>
public readonly record struct Assessment(
    double Share, double Newness, double Timing, double Focus, bool Narrow, bool FamilyHolds, bool NetworkAlone, CoordinationProofs Proofs, int Families,
    bool OneCustomer = false, double HopWeight = 0, double Bans = 0)
{
    private const double MostSites = 5;
    private const long Day = 86_400_000;

    /// <summary>All of it.</summary>
    public double Total => Share + Newness + Timing + Focus + Bans;

    internal static Assessment Of(Campaign campaign, PopulationView population, Policy policy)
    {
        var members = campaign.Members.Values;
        var view = new MemberLinks(campaign.Members.All, campaign.Evidence, policy);
        var newness = policy.IdentityFactor * NewnessOf(members, population);
        var turns = policy.TimingFactor > 0 && campaign.Turns.Regular(campaign.MemberCount);
        var bursts = policy.TimingFactor > 0 && campaign.Bursts.Regular(policy);
        var exits = ExitProof.Of(view, campaign.Evidence, population, policy);
        var cards = CardsProve(view, newness, turns || bursts, policy);
        var proofs = (turns ? CoordinationProofs.Turns : 0) | (cards ? CoordinationProofs.Cards : 0)
            | (bursts ? CoordinationProofs.Bursts : 0) | (exits.Holds ? CoordinationProofs.Exits : 0);
        if (exits.Holds && exits.HopWeight > 0) view.LinkHopping();
        var timing = turns || bursts ? policy.TimingFactor * policy.RhythmTotal : 0;
        if (timing > 0) view.LinkTiming();
        var early = bursts && (campaign.ActiveSince == 0 || campaign.WeighedAt - campaign.ActiveSince < Day);

        // Of many templates few are known at first: who comes in the campaign's bursts is not spoken against by what is not matched yet.
        var share = newness >= 3 || proofs != 0
            ? campaign.Departed.Lenient + view.Counted.Sum(m => early && m.TimingNow ? Math.Max(0, m.LenientWalk) : m.LenientWalk)
            : campaign.Departed.Walk + view.Counted.Sum(m => m.Walk);
        var (narrow, focus) = Target(members, campaign.Narrow, policy);
        var onlyNetwork = view.Families == 1 << (int)EvidenceFamily.Network && view.OnePlace && newness < 3 && timing == 0;
        return new Assessment(share, newness, timing, focus, narrow, view.Holds, onlyNetwork, proofs, view.Families, OneCustomerOf(view, newness, policy), exits.HopWeight, BanEvidence.Of(members, policy) + BanEvidence.Conserved(campaign, policy));
    }

    /// <summary>
    /// Proof B: several shared cards. One card, or two, is a company. In one place more are needed, and old accounts there that keep no rhythm are a
    /// reseller's customers.
    /// </summary>
    private static bool CardsProve(MemberLinks view, double newness, bool inRhythm, Policy policy)
    {
        if (view.Cards.Cover < policy.CardCover) return false;
        if (!view.OnePlace && !view.FewExits) return view.Cards.Number >= policy.CardNumber;
        return view.Cards.Number >= policy.CardNumberInOnePlace && (newness >= 3 || inRhythm);
    }

    /// <summary>
    /// A call centre, an office, a class: one place or one card for nearly everybody. Their rhythm can be anything, and they share what such a place
    /// shares, so that only several cards prove that it is none.
    /// </summary>
    private static bool OneCustomerOf(MemberLinks view, double newness, Policy policy)
    {
        var fresh = newness >= 3;
        if (view.Cards.Cover >= policy.CardCover && view.Cards.Number >= (fresh ? policy.CardNumber : policy.CardNumberInOnePlace)) return false;
        var onePlace = view.Places.Cover >= 0.8 && view.AddressNumber < MostSites;
        var oneCard = view.Cards.Cover >= 0.8 && view.Cards.Number < 2.5 && !fresh;
        return onePlace || oneCard;
    }

    /// <summary>Newness Nw: the likelihood that 90 % of members signed up in sight against the population's share, mixed half and half with chance, at most 10.</summary>
    private static double NewnessOf(ArraySegment<Member> members, PopulationView population)
    {
        var b = Math.Clamp(population.NewShare, 1e-6, 1 - 1e-6);
        double fresh = members.Count(m => m.SignedUpInSight), old = members.Count - fresh;
        var ratio = (fresh * Math.Log(0.9 / b)) + (old * Math.Log(0.1 / (1 - b)));
        return ratio > 20 ? 10 : Math.Min(10, Math.Log(0.5 + (0.5 * Math.Exp(ratio))));
    }

    /// <summary>Unbiased collision probability of what matched requests asked for, at most four of each member, less 1.5 standard errors.</summary>
    private static (bool Narrow, double Focus) Target(ArraySegment<Member> members, bool wasNarrow, Policy policy)
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
