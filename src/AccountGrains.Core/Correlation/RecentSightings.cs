using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The last sighting of each of the most recent accounts, bounded; the oldest falls out. When a fingerprint gets a grain, the accounts that the
/// first-seen table kept as marks are found here with what they showed.
/// </summary>
public sealed class RecentSightings(int capacity = 65_536)
{
    private readonly Dictionary<uint, Sighting> _byMark = [];
    private readonly Queue<(uint Mark, Sighting? Sighting)> _order = new();

    /// <summary>The number of sightings kept.</summary>
    public int Count => _byMark.Count;

    /// <summary>Keeps a sighting as its account's last, unless a later one is known, or it itself: it comes once with each of its reports.</summary>
    public void Add(Sighting sighting)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        var mark = FirstSeenTable.Mark(sighting.Account);
        if (_byMark.TryGetValue(mark, out var known) && known.Time >= sighting.Time) return;
        _byMark[mark] = sighting;
        _order.Enqueue((mark, sighting));
        while (_order.Count > capacity)
        {
            var (oldest, last) = _order.Dequeue();
            if (last is not null && ReferenceEquals(_byMark.GetValueOrDefault(oldest), last)) _byMark.Remove(oldest);
        }
    }

    /// <summary>An account's last sighting, if it shows the fingerprint.</summary>
    public Sighting? Find(uint mark, Fingerprint fingerprint) =>
        _byMark.TryGetValue(mark, out var sighting) && sighting.Shows(fingerprint) ? sighting : null;

    /// <summary>Writes them in the order in which they fall out, with a gap for each that a later one of its account replaced.</summary>
    public void Write(StateWriter writer) => Lists.Write(writer, _order, (w, entry) =>
    {
        var isLast = entry.Sighting is not null && ReferenceEquals(_byMark.GetValueOrDefault(entry.Mark), entry.Sighting);
        w.Bool(isLast);
        if (isLast) entry.Sighting!.Write(w);
    });

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RecentSightings Read(ref StateReader reader, int capacity)
    {
        var recent = new RecentSightings(capacity);
        foreach (var sighting in Lists.Read(ref reader, (ref StateReader r) => r.Bool() ? Sighting.Read(ref r) : null))
        {
            if (sighting is not null) recent.Add(sighting);
            else recent._order.Enqueue((0, null));
        }

        return recent;
    }
}
