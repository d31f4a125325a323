namespace AccountGrains.Core.Correlation;

/// <summary>
/// The last sightings of a template token, one of each account, oldest first, at most so many and so many bytes stored. What is asked of all of them at each report lies side
/// by side: the sightings themselves are all over the memory, and nearly none of them has to be looked at.
/// </summary>
internal sealed class SightingSample(Fingerprint token, int limit, int bytes)
{
    private Entry[] _entries = [];
    private int _bytes;

    /// <summary>The number of sightings.</summary>
    public int Count { get; private set; }

    /// <summary>How many of their accounts sent the token again and again, as their prompt's first.</summary>
    public int Repeating { get; private set; }

    /// <summary>The sighting at a place.</summary>
    public Sighting this[int place] => _entries[place].Sighting;

    /// <summary>What tells quickly which of them may have moments in common with another, or its time.</summary>
    public ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The sightings.</summary>
    public IEnumerable<Sighting> All => _entries.Take(Count).Select(e => e.Sighting);

    /// <summary>The sightings by account.</summary>
    public Sighting[] ByAccount()
    {
        var sightings = new Sighting[Count];
        for (var i = 0; i < Count; i++) sightings[i] = _entries[i].Sighting;
        Array.Sort(sightings, static (one, other) => one.Account.CompareTo(other.Account));
        return sightings;
    }

    /// <summary>Takes in what an account showed, in place of what it showed before. The oldest make way when there are too many, or they are too large.</summary>
    public void Add(Sighting sighting)
    {
        var mark = FirstSeenTable.Mark(sighting.Account);
        var before = PlaceOf(mark, sighting.Account);
        var entry = new Entry(sighting, mark, token);
        if (before >= 0 && _entries[before].IsAgain && entry.IsFirst) entry = new Entry(sighting.With(SightingTraits.Repeats), mark, token);
        if (before >= 0) RemoveAt(before);
        else if (Count == limit) RemoveAt(0);
        Append(entry);
        Trim();
    }

    /// <summary>Takes in what was stored; it is trimmed when all of it is there.</summary>
    public void Restore(Sighting sighting) => Append(new Entry(sighting, FirstSeenTable.Mark(sighting.Account), token));

    /// <summary>The oldest make way when the sample grows too large.</summary>
    public void Trim()
    {
        while (_bytes > bytes) RemoveAt(0);
    }

    private int PlaceOf(uint mark, AccountId account)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].Mark == mark && _entries[i].Sighting.Account == account) return i;
        }

        return -1;
    }

    private void Append(in Entry entry)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Max(4, Count + (Count / 2)));
        _entries[Count++] = entry;
        _bytes += entry.Bytes;
        Repeating += entry.Repeats ? 1 : 0;
    }

    private void RemoveAt(int place)
    {
        _bytes -= _entries[place].Bytes;
        Repeating -= _entries[place].Repeats ? 1 : 0;
        _entries.AsSpan(place + 1, --Count - place).CopyTo(_entries.AsSpan(place));
        _entries[Count] = default;
    }

    /// <summary>A sighting with what is asked of it at each report.</summary>
    internal readonly struct Entry(Sighting sighting, uint mark, Fingerprint token)
    {
        public Sighting Sighting { get; } = sighting;

        public long Time { get; } = sighting.Time;

        /// <summary>The buckets that meet one of its moments, as <see cref="MomentMask.Near"/>.</summary>
        public ulong Near { get; } = sighting.Mask.Near;

        public uint Mark { get; } = mark;

        public ushort Bytes { get; } = (ushort)sighting.SampleSize;

        public bool IsFirst { get; } = sighting.Token(0) == token;

        public bool IsAgain { get; } = sighting.Is(SightingTraits.Repeats);

        public bool Repeats => IsFirst && IsAgain;
    }
}
