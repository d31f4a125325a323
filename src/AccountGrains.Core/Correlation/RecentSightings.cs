using System.Runtime.InteropServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The last sighting of each of the most recent accounts, and of each of the most recent devices and addresses of refused accounts, bounded; the oldest falls out. When a fingerprint gets
/// a grain, the accounts that the first-seen table kept as marks are found here with what they showed.
/// </summary>
public sealed class RecentSightings(int capacity = 65_536)
{
    private readonly Dictionary<ulong, Sighting> _byKey = [];
    private readonly Queue<(ulong Key, Sighting? Sighting)> _order = new();

    /// <summary>The number of sightings kept.</summary>
    public int Count => _byKey.Count;

    /// <summary>
    /// Keeps a sighting as its account's last, and as that of a device that it reports, unless a later one is known, or it itself: it comes once with each
    /// of its reports.
    /// </summary>
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

    /// <summary>Writes them in the order in which they fall out, with a gap for each that a later one replaced.</summary>
    public void Write(StateWriter writer) => Lists.Write(writer, _order, (w, entry) =>
    {
        var isLast = entry.Sighting is not null && ReferenceEquals(_byKey.GetValueOrDefault(entry.Key), entry.Sighting);
        w.Bool(isLast);
        if (!isLast) return;
        w.UInt64(entry.Key);
        entry.Sighting!.Write(w);
    });

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RecentSightings Read(ref StateReader reader, int capacity)
    {
        var recent = new RecentSightings(capacity);
        foreach (var (key, sighting) in Lists.Read(ref reader, (ref StateReader r) => r.Bool() ? (r.UInt64(), Sighting.Read(ref r)) : (0UL, (Sighting?)null)))
        {
            if (sighting is not null) recent.Keep(key, sighting);
            else recent._order.Enqueue((0, null));
        }

        return recent;
    }

    // An account's mark has 32 bits, so that a device's key is none.
    private static ulong KeyOf(Fingerprint device) => device.Token | (1UL << 63);

    private void Keep(ulong key, Sighting sighting)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out var isKnown);
        if (isKnown && (ReferenceEquals(known, sighting) || known!.Time >= sighting.Time)) return;
        known = sighting;
        _order.Enqueue((key, sighting));
        while (_order.Count > capacity)
        {
            var (oldest, last) = _order.Dequeue();
            if (last is not null && ReferenceEquals(_byKey.GetValueOrDefault(oldest), last)) _byKey.Remove(oldest);
        }
    }
}
