using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// Finds small rings, for which a cohort's statistics have too few accounts: accounts that use one device, or are refused at one address, and accounts that send the same prompt
/// within a minute of each other, and more of the same before.
/// </summary>
internal static class PairTest
{
    private const int CommonHeads = 2;
    private const long Together = 60_000;
    private const int Limit = 32;

    /// <summary>The most reports of one epoch that are compared with each other: a prompt that more accounts send in one is a hub's, of which the cohort's statistics tell, and comparing all would grow with their square.</summary>
    internal const int MostTogether = 256;

    /// <summary>
    /// Accounts that report the same device, or an address where all that they ask for is refused; whether few enough have it is for the caller to say.
    /// </summary>
    public static Proposal[]? Of(Fingerprint value, IReadOnlyList<Report> reports, Policy policy)
    {
        if (value.Kind is not (FingerprintKind.Device or FingerprintKind.Ip)) return null;
        Sighting[] members = [.. reports.Select(r => r.Sighting)
            .Where(s => value.Kind == FingerprintKind.Device || s.Is(SightingTraits.Fails))
            .DistinctBy(s => s.Account).Take(value.Kind == FingerprintKind.Device ? policy.PairHolders : Limit)];
        return members.Length == 0 ? null : [new Proposal(value, members, policy.LinkWeight) { IsPair = true }];
    }

    /// <summary>
    /// Accounts that sent this prompt within a minute of each other, and two others before it; and accounts that sent it at any time, and something at the
    /// same moments more often than chance makes one of the pairs compared here.
    /// </summary>
    public static Proposal[]? Find(Fingerprint token, SightingSample sample, IReadOnlyList<Report> reports, Policy policy)
    {
        List<Proposal>? found = null;
        var isHead = Sighting.ClassOf(token) == 0;
        var isHub = reports.Count > MostTogether;
        for (var i = 0; i < reports.Count; i++)
        {
            var one = reports[i].Sighting;
            var mask = one.Mask;
            var asked = policy.TimingFactor > 0 ? policy.CohortThreshold + Math.Log(sample.Count + i + 1) : double.PositiveInfinity;
            foreach (ref readonly var other in sample.Entries)
            {
                if (SharedMoments.MayMeet(mask, other.Near) || (isHead && IsSoon(one.Row, other.Time))) Compare(token, one, other.Sighting, asked, sample, reports, ref found);
            }

            for (var j = 0; j < i && !isHub; j++) Compare(token, one, reports[j].Sighting, asked, sample, reports, ref found);
        }

        return found is null ? null : [.. found];
    }

    /// <summary>True for what accounts can repeat: a prompt's head.</summary>
    public static bool IsHead(Fingerprint token) => token.Kind == FingerprintKind.Template && Sighting.ClassOf(token) == 0;

    /// <summary>The same of accounts that are too few for the prompt to have a state: those that sent it before are given as far as they are known.</summary>
    public static void Early(Fingerprint token, SightingPlace one, IReadOnlyCollection<SightingPlace> earlier, ICollection<Proposal> found)
    {
        foreach (var other in earlier)
        {
            if (Repeat(one.Row, other.Row)) found.Add(Repeating(token, one.Sighting, other.Sighting, earlier.Count));
        }
    }

    /// <summary>
    /// Whether two accounts that sent one prompt within a minute have sent more of the same before than chance makes it: a head that a share q of all accounts has
    /// sent is met in another account with that chance, and each who sent it in that minute could have been the other. What everybody passes on joins nobody.
    /// </summary>
    public static bool Holds(Proposal pair, PopularHeads heads, PopulationView population, Policy policy)
    {
        var (one, other) = pair.Members[0].OtherHeads <= pair.Members[1].OtherHeads ? (pair.Members[0], pair.Members[1]) : (pair.Members[1], pair.Members[0]);
        var expected = 0.0;
        for (var i = 0; i < one.OtherHeads; i++) expected += Math.Max(PopularHeads.Floor, heads.ShareOutside(one.OtherHead(i), 1, population));
        return Likelihood.Surprise(SightingRow.CommonHeads(one.Row, other.Row), expected) + pair.Significance >= policy.WatchThreshold;
    }

    private static void Compare(Fingerprint token, Sighting one, Sighting other, double asked, SightingSample sample, IReadOnlyList<Report> reports, ref List<Proposal>? found)
    {
        if (found?.Count == Limit || one.Account == other.Account) return;
        var surprise = SharedMoments.MayMeet(one.Mask, other.Mask.Near) ? SharedMoments.SurpriseOf(one, other) : 0;
        if (surprise < asked && (Sighting.ClassOf(token) != 0 || !Repeat(one.Row, other.Row))) return;
        (found ??= []).Add(surprise < asked ? Repeating(token, one, other, Crowd(one, sample, reports)) : Pair(token, one, other, surprise));
    }

    private static bool IsSoon(in SightingRow one, long time) => one.OtherHeads >= CommonHeads && Math.Abs(one.Time - time) <= Together;

    private static Proposal Repeating(Fingerprint token, Sighting one, Sighting other, int crowd) =>
        Pair(token, one.With(SightingTraits.Paired), other.With(SightingTraits.Paired), 0 - Math.Log(Math.Max(1, crowd)));

    private static Proposal Pair(Fingerprint token, Sighting one, Sighting other, double significance) =>
        new(token, one.Account < other.Account ? [one, other] : [other, one], significance) { IsPair = true };

    /// <summary>How many other accounts sent it within a minute of one.</summary>
    private static int Crowd(Sighting one, SightingSample sample, IReadOnlyList<Report> reports)
    {
        var accounts = new HashSet<AccountId>();
        foreach (var other in sample.All.Concat(reports.Select(r => r.Sighting)))
        {
            if (other.Account != one.Account && Math.Abs(one.Time - other.Time) <= Together) accounts.Add(other.Account);
        }

        return accounts.Count;
    }

    /// <summary>Accounts of one declared organization are expected to do the same.</summary>
    private static bool Repeat(in SightingRow one, in SightingRow other) =>
        IsSoon(one, other.Time) && (one.Organization == 0 || one.Organization != other.Organization) && SightingRow.CommonHeads(one, other) >= CommonHeads;
}
