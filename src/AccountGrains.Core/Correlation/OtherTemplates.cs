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
        var standOut = new List<int>();
        var shown = HeadsOf(records);
        for (int start = 0, k; start < shown.Length; start += k)
        {
            var head = (uint)(shown[start] >> 32);
            for (k = 1; start + k < shown.Length && (uint)(shown[start + k] >> 32) == head;) k++;
            var share = Math.Max(PopularHeads.Floor, popular?.ShareOutside(head, k, population) ?? 0);
            expected += k * (n - 1) / 2.0 * share;
            pairs += k * (k - 1) / 2.0;
            if (k < 2 || Math.Log(k / (n * share)) < policy.CohortEffect) continue;
            for (var i = 0; i < k; i++) standOut.Add((int)(uint)shown[start + i]);
        }

        var surprise = pairs >= 2 ? Likelihood.Surprise(pairs, expected) : 0;
        if (surprise < policy.WatchThreshold) return 0;
        joined.Join(standOut);
        return surprise;
    }

    /// <summary>Which record has sent which head, by head and record: the head in the upper half of a number, the record in the lower.</summary>
    private static ulong[] HeadsOf(List<Sighting> records)
    {
        var shown = new ulong[records.Sum(r => r.OtherHeads)];
        var count = 0;
        for (var i = 0; i < records.Count; i++)
        {
            for (var h = 0; h < records[i].OtherHeads; h++) shown[count++] = ((ulong)records[i].OtherHead(h) << 32) | (uint)i;
        }

        Array.Sort(shown);
        return shown;
    }
}
