namespace AccountGrains.Core.States;

/// <summary>Reads one item of a list.</summary>
internal delegate T ReadItem<T>(ref StateReader reader);

/// <summary>Lists in stored and sent forms: a count and the items.</summary>
internal static class Lists
{
    /// <summary>The most items of any list that is sent.</summary>
    public const int Limit = 1_000_000;

    public static void Write<T>(StateWriter writer, IReadOnlyCollection<T> items, Action<StateWriter, T> write)
    {
        writer.Int32(items.Count);
        foreach (var item in items) write(writer, item);
    }

    public static T[] Read<T>(ref StateReader reader, ReadItem<T> read)
    {
        var items = new T[reader.Count(Math.Min(Limit, reader.Remaining))];
        for (var i = 0; i < items.Length; i++) items[i] = read(ref reader);
        return items;
    }
}
