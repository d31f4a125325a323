namespace AccountGrains.Core.Correlation;

/// <summary>
/// The last sighting of each of the most recent accounts, and of each of the most recent devices and addresses of refused accounts, bounded; the oldest falls out. When a fingerprint gets
/// a grain, the accounts that the first-seen table kept as marks are found here with what they showed.
/// </summary>
public sealed class RecentSightings(int capacity = 65_536)
{
    private readonly Dictionary<ulong, Sighting> _byKey = [];
    private readonly Queue<(ulong Key, Sighting Sighting)> _order = new();

    /// <summary>The number of sightings kept.</summary>
    public int Count => _byKey.Count;

    /// <summary>Keeps a sighting as its account's last, and as that of a device that it reports.</summary>
    public void Add(Sighting sighting, Fingerprint reported = default)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        Keep(FirstSeenTable.Mark(sighting.Account), sighting);
        if (reported.Kind == FingerprintKind.Device || (reported.Kind == FingerprintKind.Ip && sighting.Is(SightingTraits.Fails))) Keep(KeyOf(reported), sighting);
    }

    /// <summary>An account's last sighting, if it shows the fingerprint.</summary>
    public Sighting? Find(uint mark, Fingerprint fingerprint)
    {
        if (_byKey.TryGetValue(mark, out var sighting) && sighting.Shows(fingerprint)) return sighting;
        return fingerprint.Kind is FingerprintKind.Device or FingerprintKind.Ip && _byKey.TryGetValue(KeyOf(fingerprint), out sighting) && FirstSeenTable.Mark(sighting.Account) == mark ? sighting : null;
    }

    // An account's mark has 32 bits, so that a device's key is none.
    private static ulong KeyOf(Fingerprint device) => device.Token | (1UL << 63);

    private void Keep(ulong key, Sighting sighting)
    {
        if (_byKey.TryGetValue(key, out var known) && ReferenceEquals(known, sighting)) return;
        _byKey[key] = sighting;
        _order.Enqueue((key, sighting));
        while (_order.Count > capacity)
        {
            var (oldest, last) = _order.Dequeue();
            if (ReferenceEquals(_byKey.GetValueOrDefault(oldest), last)) _byKey.Remove(oldest);
        }
    }
}
