namespace AccountGrains.Core.Correlation;

/// <summary>A value that several records of a sample show.</summary>
/// <param name="Value">Which.</param>
/// <param name="Holders">The records, in ascending order.</param>
internal readonly record struct SharedValue(Fingerprint Value, int[] Holders);

/// <summary>
/// Finds the values that at least two records of a sample show. Nearly all values are shown by one alone, so they are told apart by sorting their tokens, and
/// only what is shared costs more.
/// </summary>
internal static class SharedValues
{
    private const int Values = Sighting.ValueCount + Sighting.EarlierCount;

    /// <summary>The values in their order, and with that family by family.</summary>
    public static List<SharedValue> Of(IReadOnlyList<Sighting> sample)
    {
        var most = sample.Count * Values;
        var tokens = most <= 512 ? stackalloc ulong[most] : new ulong[most];
        var places = most <= 512 ? stackalloc int[most] : new int[most];
        var count = 0;
        for (var record = 0; record < sample.Count; record++)
        {
            for (var value = 0; value < Values; value++)
            {
                var shown = At(sample[record], value);
                if (shown.IsNone) continue;
                tokens[count] = shown.Token;
                places[count++] = (record * Values) + value;
            }
        }

        tokens[..count].Sort(places[..count]);
        return Collect(sample, tokens[..count], places);
    }

    private static List<SharedValue> Collect(IReadOnlyList<Sighting> sample, ReadOnlySpan<ulong> tokens, Span<int> places)
    {
        var shared = new List<SharedValue>();
        for (var start = 0; start < tokens.Length;)
        {
            var end = start + 1;
            while (end < tokens.Length && tokens[end] == tokens[start]) end++;
            if (end - start > 1) Add(shared, sample, places[start..end]);
            start = end;
        }

        shared.Sort(static (left, right) => left.Value.CompareTo(right.Value));
        return shared;
    }

    private static void Add(List<SharedValue> shared, IReadOnlyList<Sighting> sample, Span<int> places)
    {
        // A record may show a value twice: now, and as its address before.
        places.Sort();
        var holders = new int[places.Length];
        var count = 0;
        foreach (var place in places)
        {
            var record = place / Values;
            if (count == 0 || holders[count - 1] != record) holders[count++] = record;
        }

        if (count > 1) shared.Add(new SharedValue(At(sample[places[0] / Values], places[0] % Values), holders[..count]));
    }

    private static Fingerprint At(Sighting sighting, int value) => value < Sighting.ValueCount ? sighting.Value(value) : sighting.Earlier(value - Sighting.ValueCount);
}
