using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>Accounts that say the same and share something else more than chance allows: the seed of a campaign, or more of one.</summary>
/// <param name="Token">The template token that they have in common.</param>
/// <param name="Members">What they showed, by account.</param>
/// <param name="Significance">
/// The evidence beside the token, in nats. For accounts that repeat each other 0 or less: what it takes from their evidence that others sent the same in that
/// minute, one of whom could have been met by chance.
/// </param>
public sealed record Proposal(Fingerprint Token, IReadOnlyList<Sighting> Members, double Significance)
{
    /// <summary>True when it is of few accounts that something rare joins, and not of a cohort.</summary>
    public bool IsPair { get; init; }

    /// <summary>True when it is of two accounts that act at the same moments.</summary>
    public bool IsOfMoments => IsPair && !IsRing && Significance > 0;

    /// <summary>True when it is of two accounts that repeat each other within a minute.</summary>
    public bool IsRepeat => IsPair && !IsRing && Significance <= 0;

    /// <summary>True when a device or an address joins them, and no prompt.</summary>
    public bool IsRing => Token.Kind is FingerprintKind.Device or FingerprintKind.Ip;

    internal void Write(StateWriter writer)
    {
        writer.Fingerprint(Token);
        Lists.Write(writer, Members, (w, member) => member.Write(w));
        writer.Double(Significance);
        writer.Bool(IsPair);
    }

    internal static Proposal Read(ref StateReader reader) => new(reader.Fingerprint(), Lists.Read(ref reader, Sighting.Read), reader.Double()) { IsPair = reader.Bool() };
}

/// <summary>
/// Tests how the accounts that show one template token are distributed over every other family, against the population: how large the effect is,
/// and how significant. What one company shares is one record; what chance makes many strangers share is expected.
/// </summary>
public static class CohortTest
{
    private const int SmallestComponent = 4;
    private const int SmallestRepeating = 6;
    private const double RepeatingShare = 0.4;
    private const int SmallestHub = 200;

    /// <summary>Chance that two strangers share a value, by family: what diffuse collisions are compared with.</summary>
    private static double Collision(EvidenceFamily family) => family switch
    {
        EvidenceFamily.Network => 1e-3,
        EvidenceFamily.Client => 1e-2,
        _ => 1e-4,
    };

    /// <summary>Runs the test. A value whose popularity is below 0, which stands for not known, is left out. Proposals come in the order of their first member.</summary>
    public static IReadOnlyList<Proposal> Run(Cohort cohort, Func<Fingerprint, int> popularity, PopulationView population, Policy policy, PopularHeads? heads = null)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        var (token, records) = (cohort.Token, cohort.Records);
        if (records.Count < SmallestComponent) return [];
        var joined = new DisjointSets(records.Count);
        var significance = 0.0;
        var values = cohort.Values;
        for (var start = 0; start < values.Count;)
        {
            var family = values[start].Value.Kind.Family();
            var end = start;
            while (end < values.Count && values[end].Value.Kind.Family() == family) end++;
            significance += TestFamily(family, values.GetRange(start, end - start), records.Count, joined, popularity, population, policy);
            start = end;
        }

        var others = OtherTemplates.Test(records, joined, heads, population, policy);
        significance += others;
        var repeating = Repeating(token, records, popularity, population, policy);
        if (repeating.Count > 0) joined.Join(repeating);
        if (significance < policy.CohortThreshold && others == 0 && repeating.Count == 0) return [];
        return [.. joined.Groups()
            .Where(g => g.Count >= SmallestComponent)
            .Select(g => new Proposal(token, [.. g.Select(i => records[i])], significance))];
    }

    private static double TestFamily(EvidenceFamily family, List<SharedValue> values, int n, DisjointSets joined, Func<Fingerprint, int> popularity, PopulationView population, Policy policy)
    {
        var factor = policy.FactorOf(family);
        if (factor == 0) return 0;
        double strongest = 0, collisions = 0;
        var diffuse = new List<int[]>();
        foreach (var (value, holders) in values)
        {
            var k = holders.Length;
            var accounts = popularity(value);
            if (accounts < 0) continue;
            var outside = policy.PopularityFactor * Math.Max(0, accounts - k);
            if (outside <= k)
            {
                collisions += k - 1;
                diffuse.Add(holders);
            }

            var share = (outside + 1) / Math.Max(2, policy.PopulationFor(value.Kind, population.Active) - n + 2);
            if (k < 3 || Math.Log((double)k / n / share) < policy.CohortEffect) continue;
            var enrichment = Likelihood.Enrichment(k, n, share);
            if (enrichment < policy.CohortFamilyFloor) continue;
            strongest = Math.Max(strongest, enrichment);
            joined.Join(holders);
        }

        var surprise = collisions >= 3 ? Likelihood.Surprise(collisions, n * (n - 1) / 2.0 * Collision(family)) : 0;
        if (surprise >= policy.CohortFamilyFloor && family != EvidenceFamily.Client) joined.Join([.. diffuse.SelectMany(h => h)]);
        var score = factor * Math.Max(strongest, surprise);
        return score >= policy.CohortFamilyFloor ? score : 0;
    }

    /// <summary>
    /// Accounts that send the template again and again, when many do: what they have in common is seen once they are watched. Not for what a large
    /// part of everybody sends.
    /// </summary>
    private static List<int> Repeating(Fingerprint token, List<Sighting> records, Func<Fingerprint, int> popularity, PopulationView population, Policy policy)
    {
        List<int> repeating = [.. Enumerable.Range(0, records.Count).Where(i => records[i].Is(SightingTraits.Repeats) && records[i].Token(0) == token)];
        if (repeating.Count < SmallestRepeating || repeating.Count < RepeatingShare * records.Count) return [];
        return popularity(token) <= Math.Max(SmallestHub, policy.WatchedShare * population.Active) ? repeating : [];
    }

    /// <summary>A phrase inside many templates says nothing: a tail or body token needs a companion in 40 % of the prompts that had it.</summary>
    public static bool HasContext(Fingerprint token, IReadOnlyList<Sighting> sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var position = PositionOf(token, sample);
        if (position < 2) return true;
        int[] companions = position < 4 ? [0, 1, 4] : [0, 1];
        return companions.Max(c => MostAlike(sample, c)) >= 0.4 * sample.Count;
    }

    /// <summary>How many of the sample have the token at a position that most have there.</summary>
    private static int MostAlike(IReadOnlyList<Sighting> sample, int position)
    {
        Span<ulong> tokens = sample.Count <= 64 ? stackalloc ulong[sample.Count] : new ulong[sample.Count];
        for (var i = 0; i < sample.Count; i++) tokens[i] = sample[i].Sketch[position];
        tokens.Sort();
        int most = 0, run = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            run = i > 0 && tokens[i] == tokens[i - 1] ? run + 1 : 1;
            if (tokens[i] != 0) most = Math.Max(most, run);
        }

        return most;
    }

    private static int PositionOf(Fingerprint token, IReadOnlyList<Sighting> sample)
    {
        foreach (var sighting in sample)
        {
            for (var i = 0; i < Sketches.TemplateSketch.Length; i++)
            {
                if (sighting.Token(i) == token) return i;
            }
        }

        return 0;
    }
}
