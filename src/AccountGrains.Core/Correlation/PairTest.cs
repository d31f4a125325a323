using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// Finds small rings, for which a cohort's statistics have too few accounts: accounts that use one device, or are refused at one address, and accounts that send the same prompts
/// within a minute of each other again and again.
/// </summary>
internal static class PairTest
{
    private const int CommonHeads = 2;
    private const long Together = 60_000;
    private const int Limit = 32;

    /// <summary>
    /// Accounts that report the same device, or an address where all that they ask for is refused; whether few enough have it is for the caller to say.
    /// </summary>
    public static Proposal[]? Of(Fingerprint value, IReadOnlyList<Report> reports, Policy policy)
    {
        if (value.Kind is not (FingerprintKind.Device or FingerprintKind.Ip)) return null;
        Sighting[] members = [.. reports.Select(r => r.Sighting)
            .Where(s => value.Kind == FingerprintKind.Device || s.Is(SightingTraits.Fails))
            .DistinctBy(s => s.Account).Take(policy.PairHolders)];
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
        for (var i = 0; i < reports.Count; i++)
        {
            var one = reports[i].Sighting;
            var mask = one.Mask;
            var asked = policy.TimingFactor > 0 ? policy.CohortThreshold + Math.Log(sample.Count + i + 1) : double.PositiveInfinity;
            foreach (ref readonly var other in sample.Entries)
            {
                if (SharedMoments.MayMeet(mask, other.Near) || (isHead && IsSoon(one, other.Time))) Compare(token, one, other.Sighting, asked, ref found);
            }

            for (var j = 0; j < i; j++) Compare(token, one, reports[j].Sighting, asked, ref found);
        }

        return found is null ? null : [.. found];
    }

    private static void Compare(Fingerprint token, Sighting one, Sighting other, double asked, ref List<Proposal>? found)
    {
        if (found?.Count == Limit || one.Account == other.Account) return;
        var surprise = SharedMoments.MayMeet(one.Mask, other.Mask.Near) ? SharedMoments.SurpriseOf(one, other) : 0;
        if (surprise < asked && (Sighting.ClassOf(token) != 0 || !Repeat(one, other))) return;
        (found ??= []).Add(new Proposal(token, one.Account < other.Account ? [one, other] : [other, one], surprise < asked ? 0 : surprise) { IsPair = true });
    }

    private static bool IsSoon(Sighting one, long time) => one.OtherHeads >= CommonHeads && Math.Abs(one.Time - time) <= Together;

    private static bool Repeat(Sighting one, Sighting other)
    {
        if (!IsSoon(one, other.Time)) return false;
        var common = 0;
        for (var i = 0; i < one.OtherHeads; i++)
        {
            for (var j = 0; j < other.OtherHeads; j++) common += one.OtherHead(i) == other.OtherHead(j) ? 1 : 0;
        }

        return common >= CommonHeads;
    }
}
