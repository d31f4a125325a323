using System.Runtime.InteropServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The last sighting of each of the most recent accounts, and of each of the most recent devices and addresses of refused accounts, bounded; the oldest falls out. When a fingerprint gets
/// a grain, the accounts that the first-seen table kept as marks are found here with what they showed.
/// </summary>
public sealed class RecentSightings(int capacity = 65_536)
{
    private readonly Dictionary<ulong, int> _byKey = [];
    private readonly Queue<(long Epoch, long End)> _epochs = new();

    // A ring in the order in which they came: a look-up reads one entry of it, and mostly no sighting, which lie all over the memory.
    private Entry[] _ring = [];
    private long _first;
    private long _next;
    private long _ended;

    /// <summary>The number of sightings kept.</summary>
    public int Count => _byKey.Count;

    /// <summary>The oldest epoch whose sightings it still keeps; the highest number when it keeps none that came in an epoch.</summary>
    internal long OldestEpoch
    {
        get
        {
            while (_epochs.TryPeek(out var oldest) && oldest.End <= _first) _epochs.Dequeue();
            return _epochs.TryPeek(out var epoch) ? epoch.Epoch : long.MaxValue;
        }
    }

    /// <summary>Ends an epoch: what came since the one before came in this one.</summary>
    internal void EndEpoch(long epoch)
    {
        if (_next == _ended) return;
        _ended = _next;
        _epochs.Enqueue((epoch, _next));
    }

    /// <summary>Keeps copies of what came in an epoch, and of all that came before: its rows may go.</summary>
    internal void Detach(long epoch)
    {
        var from = _first;
        while (_epochs.TryPeek(out var oldest) && oldest.Epoch <= epoch)
        {
            _epochs.Dequeue();
            for (; from < oldest.End; from++)
            {
                ref var entry = ref _ring[from % _ring.Length];
                if (!entry.Sighting.IsNone) entry = entry with { Sighting = SightingRows.Of(entry.Sighting.Sighting) };
            }
        }
    }

    /// <summary>
    /// Keeps a sighting as its account's last, and as that of a device that it reports, unless a later one is known, or it itself: it comes once with each
    /// of its reports. Its rows must stay for as long as <see cref="OldestEpoch"/> says.
    /// </summary>
    public void Add(SightingPlace sighting, uint mark, Fingerprint reported = default)
    {
        Keep(mark, sighting);
        if (reported.Kind == FingerprintKind.Device || (reported.Kind == FingerprintKind.Ip && sighting.Row.Is(SightingTraits.Fails))) Keep(KeyOf(reported), sighting);
    }

    /// <summary>Reads what <see cref="Add"/> will of the account, so that it is near by then: see <see cref="FirstSeenTable.Fetch"/>. What comes back stands for nothing.</summary>
    internal uint Fetch(SightingPlace sighting, uint mark) => (uint)sighting.Row.Time + (_byKey.TryGetValue(mark, out var slot) ? (uint)_ring[slot].Time : 0);

    /// <summary>An account's last sighting, if it shows the fingerprint; else none.</summary>
    public SightingPlace Find(uint mark, Fingerprint fingerprint)
    {
        if (_byKey.TryGetValue(mark, out var slot) && _ring[slot].Sighting.Row.Shows(fingerprint)) return _ring[slot].Sighting;
        var isKept = fingerprint.Kind is FingerprintKind.Device or FingerprintKind.Ip && _byKey.TryGetValue(KeyOf(fingerprint), out slot);
        return isKept && FirstSeenTable.Mark(_ring[slot].Sighting.Row.Account) == mark ? _ring[slot].Sighting : default;
    }

    /// <summary>Writes them in the order in which they fall out, with a gap for each that a later one replaced.</summary>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Lists.Write(writer, [.. InOrder()], (w, entry) =>
        {
            w.Bool(!entry.Sighting.IsNone);
            if (entry.Sighting.IsNone) return;
            w.UInt64(entry.Key);
            entry.Sighting.Row.Write(w);
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RecentSightings Read(ref StateReader reader, int capacity)
    {
        var recent = new RecentSightings(capacity);
        foreach (var (key, sighting) in Lists.Read(ref reader, (ref StateReader r) => r.Bool() ? (r.UInt64(), Sighting.Read(ref r)) : (0UL, (Sighting?)null)))
        {
            if (sighting is not null) recent.Keep(key, SightingRows.Of(sighting));
            else recent.Append(default);
        }

        return recent;
    }

    // An account's mark has 32 bits, so that a device's key is none.
    private static ulong KeyOf(Fingerprint device) => device.Token | (1UL << 63);

    private IEnumerable<Entry> InOrder()
    {
        for (var i = _first; i < _next; i++) yield return _ring[i % _ring.Length];
    }

    private void Keep(ulong key, SightingPlace sighting)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out var isKnown);
        var time = sighting.Row.Time;
        if (isKnown)
        {
            ref var known = ref _ring[slot];
            if (known.Sighting == sighting || known.Time >= time) return;
            known = default;
        }

        // What drops out for it has another key: that leaves the place of this one in the table as it is.
        slot = Append(new Entry(key, sighting, time));
    }

    /// <summary>Puts an entry behind all others; of the oldest, when there is no room, those go that nothing replaced.</summary>
    private int Append(in Entry entry)
    {
        if (_next - _first == _ring.Length)
        {
            if (_ring.Length < capacity) Grow();
            else Drop();
        }

        var slot = (int)(_next++ % _ring.Length);
        _ring[slot] = entry;
        return slot;
    }

    private void Drop()
    {
        ref var oldest = ref _ring[_first++ % _ring.Length];
        if (!oldest.Sighting.IsNone) _byKey.Remove(oldest.Key);
        oldest = default;
    }

    /// <summary>More room: as long as there is some to give, none dropped out, and entries keep their places.</summary>
    private void Grow() => Array.Resize(ref _ring, Math.Min(capacity, Math.Max(64, 2 * _ring.Length)));

    /// <summary>A sighting that is the last of its key; none where a later one replaced it.</summary>
    private readonly record struct Entry(ulong Key, SightingPlace Sighting, long Time);
}
