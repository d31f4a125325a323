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
    public static Proposal[]? Find(Fingerprint token, IReadOnlyList<Sighting> sample, IReadOnlyList<Report> reports, Policy policy)
    {
        List<Proposal>? found = null;
        for (var i = 0; i < reports.Count; i++)
        {
            var one = reports[i].Sighting;
            var asked = policy.TimingFactor > 0 ? policy.CohortThreshold + Math.Log(sample.Count + i + 1) : double.PositiveInfinity;
            for (var j = 0; j < sample.Count + i; j++)
            {
                var other = j < sample.Count ? sample[j] : reports[j - sample.Count].Sighting;
                if (found?.Count == Limit || one.Account == other.Account) continue;
                var surprise = SharedMoments.SurpriseOf(one, other);
                if (surprise < asked && (Sighting.ClassOf(token) != 0 || !Repeat(one, other))) continue;
                (found ??= []).Add(new Proposal(token, one.Account < other.Account ? [one, other] : [other, one], surprise < asked ? 0 : surprise) { IsPair = true });
            }
        }

        return found is null ? null : [.. found];
    }

    private static bool Repeat(Sighting one, Sighting other)
    {
        if (one.OtherHeads < CommonHeads || Math.Abs(one.Time - other.Time) > Together) return false;
        var common = 0;
        for (var i = 0; i < one.OtherHeads; i++)
        {
            for (var j = 0; j < other.OtherHeads; j++) common += one.OtherHead(i) == other.OtherHead(j) ? 1 : 0;
        }

        return common >= CommonHeads;
    }
}
