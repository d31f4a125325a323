using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// Whether the accounts that share one template share others too, more than chance allows: a fleet with many short templates has nothing else in
/// common at first. Chance is what the population sends: a head that a share q of all accounts has sent is met in another account with that chance,
/// and no head is taken to be rarer than one in a thousand.
/// </summary>
internal static class OtherTemplates
{
    /// <summary>The significance in nats; joins the accounts that share the heads that stand out.</summary>
    public static double Test(List<Sighting> records, DisjointSets joined, PopularHeads? popular, PopulationView population, Policy policy)
    {
        if (policy.TemplateFactor == 0) return 0;
        double pairs = 0, expected = 0;
        var n = records.Count;
        var standOut = new List<List<int>>();
        foreach (var (head, holders) in HoldersOf(records))
        {
            var k = holders.Count;
            var share = Math.Max(PopularHeads.Floor, popular?.ShareOutside(head, k, population) ?? 0);
            expected += k * (n - 1) / 2.0 * share;
            pairs += k * (k - 1) / 2.0;
            if (k >= 2 && Math.Log(k / (n * share)) >= policy.CohortEffect) standOut.Add(holders);
        }

        var surprise = pairs >= 2 ? Likelihood.Surprise(pairs, expected) : 0;
        if (surprise < policy.WatchThreshold) return 0;
        joined.Join([.. standOut.SelectMany(h => h)]);
        return surprise;
    }

    private static SortedDictionary<uint, List<int>> HoldersOf(List<Sighting> records)
    {
        var holders = new SortedDictionary<uint, List<int>>();
        for (var i = 0; i < records.Count; i++)
        {
            for (var h = 0; h < records[i].OtherHeads; h++)
            {
                if (!holders.TryGetValue(records[i].OtherHead(h), out var list)) holders.Add(records[i].OtherHead(h), list = []);
                list.Add(i);
            }
        }

        return holders;
    }
}
