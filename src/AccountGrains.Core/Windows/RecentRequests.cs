using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>
/// The ids of an account's last 32 requests of the last ten minutes, so that each counts once. An id is known by 27 bits: one that is
/// new is taken for one of 32 others with a probability of at most 32/2^27 = 2.4e-7. Times are in units of three seconds and are kept as
/// one byte, read back from the newest time; everything older than ten minutes is purged whenever that moves, so a byte is never
/// ambiguous. An id is found for at least 597 s and never after 600 s. An id of 0 is none.
/// </summary>
public struct RecentRequests
{
    /// <summary>How many requests are kept at most; the one remembered first falls out.</summary>
    public const int Capacity = 32;

    /// <summary>Bytes stored; the newest time is that of the account's last event and is not stored again.</summary>
    public const int StoredSize = Capacity * (4 + 1);

    private const long Unit = 3_000;

    // Two times whose units differ by n are less than (n+1) units apart: 200 units are the ten minutes.
    private const int MaxAge = 199;
    private const uint HasOutput = 4;
    private const uint HasStatus = 8;
    private const uint HasCapability = 16;
    private const uint Flags = 31;
    private const int FlagBits = 5;

    private Entries _entries;
    private Times _times;
    private int _count;
    private long _newest;

    /// <summary>True when a request counted already; then <paramref name="given"/> is the verdict it got. Changes nothing.</summary>
    /// <param name="request">The keyed hash of its id.</param>
    /// <param name="time">Event time: milliseconds since 1970, UTC. Ages count from the newest time known.</param>
    /// <param name="given">The verdict.</param>
    public readonly bool TryFind(ulong request, long time, out Verdict given)
    {
        var place = Find(request, time);
        given = place < 0 ? Verdict.Allow : (Verdict)(_entries[place] & 3);
        return place >= 0;
    }

    /// <summary>Remembers a request that counted, after <see cref="TryFind"/> did not find it; one older than ten minutes is not kept.</summary>
    /// <param name="request">The keyed hash of its id.</param>
    /// <param name="time">Its time, at most that of the account's last event.</param>
    /// <param name="given">The verdict it got.</param>
    /// <param name="hasOutput">Its output tokens are known.</param>
    /// <param name="hasStatus">Its status is known.</param>
    /// <param name="hasCapability">What it asked for is known.</param>
    public void Remember(ulong request, long time, Verdict given, bool hasOutput, bool hasStatus, bool hasCapability = false)
    {
        Advance(time);
        if (request == 0 || _newest - (time / Unit) > MaxAge) return;
        if (_count == Capacity) DropFirst();
        _entries[_count] = HashOf(request) | (uint)given | FlagsOf(hasOutput, hasStatus, hasCapability);
        _times[_count++] = (byte)(time / Unit);
    }

    /// <summary>Says what a completion adds to its request, and remembers that this is known from now on.</summary>
    /// <param name="request">The keyed hash of the request's id.</param>
    /// <param name="time">The completion's time: milliseconds since 1970, UTC.</param>
    /// <param name="bringsOutput">It has output tokens.</param>
    /// <param name="bringsStatus">It has a status.</param>
    /// <param name="bringsCapability">It says what was asked for.</param>
    public CompletionNeeds Complete(ulong request, long time, bool bringsOutput, bool bringsStatus, bool bringsCapability = false)
    {
        Advance(time);
        var place = Find(request, time);
        if (place < 0) return default;
        var before = _entries[place];
        _entries[place] |= FlagsOf(bringsOutput, bringsStatus, bringsCapability);
        var added = _entries[place] & ~before;
        return new CompletionNeeds(Matched: true, (added & HasOutput) != 0, (added & HasStatus) != 0, (added & HasCapability) != 0);
    }

    /// <summary>Moves the newest time and forgets what is then older than ten minutes; an earlier time changes nothing.</summary>
    public void Advance(long time)
    {
        var unit = time / Unit;
        if (unit <= _newest) return;
        var elapsed = unit - _newest;
        KeepUpTo(MaxAge - elapsed);
        _newest = unit;
    }

    /// <summary>Adds what another copy remembers. An id in both keeps the stricter verdict; of more than 32 the newest stay.</summary>
    public void Merge(in RecentRequests other)
    {
        var newest = Math.Max(_newest, other._newest);
        var all = EntriesAt(newest).Concat(other.EntriesAt(newest))
            .GroupBy(entry => entry.Entry >> FlagBits)
            .Select(same => (
                Entry: same.Select(entry => entry.Entry & ~3u).Aggregate((left, right) => left | right) | same.Max(entry => entry.Entry & 3),
                Age: same.Min(entry => entry.Age)))
            .OrderBy(entry => entry.Age).ThenBy(entry => entry.Entry)
            .Take(Capacity).Reverse().ToList();
        (_entries, _times, _count, _newest) = (default, default, 0, newest);
        foreach (var (entry, age) in all)
        {
            _entries[_count] = entry;
            _times[_count++] = (byte)(newest - age);
        }
    }

    internal readonly void Write(StateWriter writer)
    {
        foreach (var entry in (ReadOnlySpan<uint>)_entries) writer.UInt32(entry);
        writer.Bytes(_times);
    }

    /// <summary>Reads the stored form. The first one did not say of which requests the capability is known: a bit of their hashes stands there.</summary>
    internal static RecentRequests Read(ref StateReader reader, long newestTime, bool labelled)
    {
        var requests = new RecentRequests { _newest = newestTime / Unit };
        for (var i = 0; i < Capacity; i++) requests._entries[i] = reader.UInt32() & ~(labelled ? 0 : HasCapability);
        reader.Bytes(requests._times);
        requests._count = ((ReadOnlySpan<uint>)requests._entries).IndexOf(0u) is var free and >= 0 ? free : Capacity;
        return requests;
    }

    private static uint FlagsOf(bool output, bool status, bool capability) => (output ? HasOutput : 0) | (status ? HasStatus : 0) | (capability ? HasCapability : 0);

    // Never 0 in its upper 27 bits, so that an entry of 0 is none.
    private static uint HashOf(ulong request) => Math.Max(1, (uint)(Mixing.Mix64(request) >> (32 + FlagBits))) << FlagBits;

    private readonly int AgeOf(int place) => (byte)((byte)_newest - _times[place]);

    private readonly int Find(ulong request, long time)
    {
        if (request == 0) return -1;
        var hash = HashOf(request);
        var elapsed = Math.Max(0, (time / Unit) - _newest);
        for (var place = _count - 1; place >= 0; place--)
        {
            if ((_entries[place] & ~Flags) == hash && elapsed + AgeOf(place) <= MaxAge) return place;
        }

        return -1;
    }

    private void KeepUpTo(long age)
    {
        var kept = 0;
        for (var place = 0; place < _count; place++)
        {
            if (AgeOf(place) > age) continue;
            _entries[kept] = _entries[place];
            _times[kept++] = _times[place];
        }

        ((Span<uint>)_entries)[kept.._count].Clear();
        ((Span<byte>)_times)[kept.._count].Clear();
        _count = kept;
    }

    private void DropFirst()
    {
        ((Span<uint>)_entries)[1..].CopyTo(_entries);
        ((Span<byte>)_times)[1..].CopyTo(_times);
        _count--;
    }

    private readonly IEnumerable<(uint Entry, int Age)> EntriesAt(long newest)
    {
        for (var place = 0; place < _count; place++)
        {
            var age = newest - _newest + AgeOf(place);
            if (age <= MaxAge) yield return (_entries[place], (int)age);
        }
    }

    [InlineArray(Capacity)]
    private struct Entries
    {
        private uint _first;
    }

    [InlineArray(Capacity)]
    private struct Times
    {
        private byte _first;
    }
}
