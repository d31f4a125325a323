namespace AccountGrains.Core.Correlation;

/// <summary>The formulas by which sharing becomes weight. All results are in nats.</summary>
public static class Likelihood
{
    /// <summary>The share of the population that has a value: <c>(n + 1)/(N + 2)</c>.</summary>
    public static double Share(double holders, double population) => (holders + 1) / (population + 2);

    /// <summary>
    /// What sharing a value is worth for two accounts: <c>ln(ρ/q)</c>, never below 0. One more innocent holder never raises it, whether it is
    /// new to the population or not.
    /// </summary>
    public static double SharingWeight(double holders, double population, double sharingChance) =>
        Math.Max(0, Math.Log(sharingChance / Math.Min(1, Share(holders, population))));

    /// <summary>
    /// Weight of a value for membership in a campaign: k of its M other members have it, and o of the N − M accounts outside. √k and √o make it
    /// a lower bound, so that chance collisions of few accounts weigh little. Cut at <paramref name="cap"/>.
    /// </summary>
    public static double Membership(double k, double members, double outside, double population, double cap)
    {
        if (k <= 0) return 0;
        var inside = (k - (0.5 * Math.Sqrt(k))) / (members + 1);
        var rest = (outside + Math.Sqrt(outside) + 1) / Math.Max(1, population - members + 2);
        return Math.Min(cap, Math.Log(inside / rest));
    }

    /// <summary>Log-likelihood ratio of k of n in a cohort against the share q outside of it; 0 where the cohort has no more than its share.</summary>
    public static double Enrichment(double k, double n, double q)
    {
        var p = k / n;
        if (p <= q) return 0;
        var rest = n - k;
        return (k * Math.Log(p / q)) + (rest > 0 ? rest * Math.Log((1 - p) / (1 - q)) : 0);
    }

    /// <summary>Poisson surprise of seeing x where e were expected: <c>x ln(x/e) − (x − e)</c>, 0 below the expectation.</summary>
    public static double Surprise(double seen, double expected) =>
        seen <= expected ? 0 : (seen * Math.Log(seen / expected)) - (seen - expected);

    /// <summary>Effective number of groups of the given sizes: <c>(Σk)²/Σk²</c>.</summary>
    public static double EffectiveNumber(double sum, double sumOfSquares) => sumOfSquares <= 0 ? 0 : sum * sum / sumOfSquares;

    /// <summary>The probability that goes with log-odds.</summary>
    public static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
