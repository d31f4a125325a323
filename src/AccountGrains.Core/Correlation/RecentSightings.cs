namespace AccountGrains.Core.Correlation;

/// <summary>
/// The last sighting of each of the most recent accounts, bounded; the oldest falls out. When a fingerprint gets a grain, the accounts that the
/// first-seen table kept as marks are found here with what they showed.
/// </summary>
public sealed class RecentSightings(int capacity = 65_536)
{
    private readonly Dictionary<uint, Sighting> _byMark = [];
    private readonly Queue<(uint Mark, Sighting Sighting)> _order = new();

    /// <summary>The number of sightings kept.</summary>
    public int Count => _byMark.Count;

    /// <summary>Keeps a sighting as its account's last.</summary>
    public void Add(Sighting sighting)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        var mark = FirstSeenTable.Mark(sighting.Account);
        if (_byMark.TryGetValue(mark, out var known) && ReferenceEquals(known, sighting)) return;
        _byMark[mark] = sighting;
        _order.Enqueue((mark, sighting));
        while (_order.Count > capacity)
        {
            var (oldest, last) = _order.Dequeue();
            if (ReferenceEquals(_byMark.GetValueOrDefault(oldest), last)) _byMark.Remove(oldest);
        }
    }

    /// <summary>An account's last sighting, if it shows the fingerprint.</summary>
    public Sighting? Find(uint mark, Fingerprint fingerprint) =>
        _byMark.TryGetValue(mark, out var sighting) && sighting.Shows(fingerprint) ? sighting : null;
}
