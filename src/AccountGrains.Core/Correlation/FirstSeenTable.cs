using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>What the table says of a sighting.</summary>
public enum FirstSight : byte
{
    /// <summary>Too few accounts have shown the fingerprint: it stays an entry of the table.</summary>
    Waiting = 0,

    /// <summary>This account makes it enough: the fingerprint gets a grain now, which starts from the accounts that the table kept.</summary>
    Admitted = 1,

    /// <summary>It has a grain already.</summary>
    Known = 2,
}

/// <summary>
/// The bounded table that stands before the fingerprints: attackers choose fingerprints, so one gets a grain only when enough accounts have shown
/// it. Sets of eight entries of 32 bytes; in a full set the least recently seen entry falls out. An admitted fingerprint keeps its entry, which
/// then holds its number of accounts, so that popularity is read here and not from grains.
/// </summary>
public sealed class FirstSeenTable
{
    private const int Ways = 8;
    private const byte AdmittedMark = byte.MaxValue;
    private readonly Set[] _sets;
    private readonly ulong _mask;
    private uint _tick;

    /// <summary>A table of at least the given number of entries.</summary>
    public FirstSeenTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, Ways);
        var sets = (uint)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(capacity / Ways));
        _sets = new Set[sets];
        _mask = sets - 1;
    }

    /// <summary>The number of entries that the table can hold.</summary>
    public int Capacity => _sets.Length * Ways;

    /// <summary>The number of entries in use.</summary>
    public int Count { get; private set; }

    /// <summary>How many entries fell out of a full set so far.</summary>
    public long Evicted { get; private set; }

    /// <summary>The number of accounts that a fingerprint of a kind needs: four for template tokens, two for the rest.</summary>
    public static int ThresholdOf(FingerprintKind kind) => kind == FingerprintKind.Template ? 4 : 2;

    /// <summary>Notes that the account of a mark shows a fingerprint; where it is new to it, <paramref name="earlier"/> gets the marks of those before it.</summary>
    public FirstSight Sight(Fingerprint fingerprint, uint mark, Span<uint> earlier, out int earlierCount)
    {
        earlierCount = 0;
        ref var entry = ref Find(fingerprint.Token, insert: true);
        entry.Tick = ++_tick;
        if (entry.Accounts == AdmittedMark) return FirstSight.Known;
        for (var i = 0; i < entry.Accounts; i++)
        {
            if (entry[i] == mark) return FirstSight.Waiting;
        }

        for (var i = 0; i < entry.Accounts; i++) earlier[earlierCount++] = entry[i];
        if (entry.Accounts + 1 < ThresholdOf(fingerprint.Kind))
        {
            entry[entry.Accounts++] = mark;
            return FirstSight.Waiting;
        }

        entry.First = (uint)entry.Accounts + 1;
        entry.Accounts = AdmittedMark;
        return FirstSight.Admitted;
    }

    /// <summary>The 32-bit token that stands for an account in the table and in a fingerprint's count.</summary>
    public static uint Mark(AccountId account) => (uint)Mixing.Mix64(account.Token);

    /// <summary>What the popularity of a phrase that is part of many templates reads as: everybody's.</summary>
    public const int Everybody = int.MaxValue;

    /// <summary>
    /// Reads the places of a fingerprint, so that they are near when it is sighted: what is read for many, one after the other, comes from the memory at the same
    /// time, and what is read when it is needed does not. What comes back stands for nothing.
    /// </summary>
    public uint Fetch(Fingerprint fingerprint)
    {
        ref readonly var set = ref _sets[Mixing.Mix64(fingerprint.Token) & _mask];
        return (uint)set.Tokens[0] + (uint)set.Tokens[Ways - 1] + set.Entries[1].Tick + set.Entries[Ways / 2].Tick + set.Entries[Ways - 1].Tick;
    }

    /// <summary>Notes how many accounts an admitted fingerprint has.</summary>
    public void SetPopularity(Fingerprint fingerprint, int accounts)
    {
        ref var entry = ref Find(fingerprint.Token, insert: true);
        entry.Tick = ++_tick;
        entry.Accounts = AdmittedMark;
        entry.First = (uint)accounts;
    }

    /// <summary>How many accounts showed a fingerprint that waits for a grain; 0 when it has one, or was not seen.</summary>
    public int Waiting(Fingerprint fingerprint)
    {
        ref var entry = ref Find(fingerprint.Token, insert: false);
        return Unsafe.IsNullRef(ref entry) || entry.Accounts == AdmittedMark ? 0 : entry.Accounts;
    }

    /// <summary>
    /// How many accounts showed an admitted fingerprint; false for all others. What waits here may have a grain all the same, from before a restart or
    /// before its entry fell out, so its few accounts are not its popularity.
    /// </summary>
    public bool TryGetPopularity(Fingerprint fingerprint, out int accounts)
    {
        ref var entry = ref Find(fingerprint.Token, insert: false);
        if (Unsafe.IsNullRef(ref entry))
        {
            accounts = 0;
            return false;
        }

        accounts = entry.Accounts == AdmittedMark ? (int)entry.First : 0;
        return entry.Accounts == AdmittedMark;
    }

    /// <summary>Writes the table, for another silo to go on with.</summary>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Int32(Capacity);
        writer.UInt32(_tick);
        writer.Int64(Evicted);
        writer.Int32(Count);
        for (var i = 0; i < Capacity; i++)
        {
            ref readonly var set = ref _sets[i / Ways];
            ref readonly var entry = ref set.Entries[i % Ways];
            if (entry.Tick == 0) continue;
            writer.Int32(i);
            writer.UInt64(set.Tokens[i % Ways]);
            for (var j = 0; j < 3; j++) writer.UInt32(entry[j]);
            writer.UInt32(entry.Tick);
            writer.Byte(entry.Accounts);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FirstSeenTable Read(ref StateReader reader)
    {
        var table = new FirstSeenTable(Math.Max(Ways, reader.Count(1 << 28))) { _tick = reader.UInt32(), Evicted = reader.Int64() };
        for (int i = 0, count = reader.Count(table.Capacity); i < count; i++)
        {
            var place = reader.Count(table.Capacity - 1);
            ref var set = ref table._sets[place / Ways];
            ref var entry = ref set.Entries[place % Ways];
            if (entry.Tick == 0) table.Count++;
            set.Tokens[place % Ways] = reader.UInt64();
            for (var j = 0; j < 3; j++) entry[j] = reader.UInt32();
            entry.Tick = reader.UInt32();
            entry.Accounts = reader.Byte();
        }

        return table;
    }

    private ref Entry Find(ulong token, bool insert)
    {
        ref var set = ref _sets[Mixing.Mix64(token) & _mask];
        var at = ((ReadOnlySpan<ulong>)set.Tokens).IndexOf(token);
        if (at >= 0 && set.Entries[at].Tick != 0) return ref set.Entries[at];
        if (!insert) return ref Unsafe.NullRef<Entry>();
        var oldest = OldestOf(set.Entries);
        ref var victim = ref set.Entries[oldest];
        if (victim.Tick == 0) Count++;
        else Evicted++;
        set.Tokens[oldest] = token;
        victim = default;
        return ref victim;
    }

    private int OldestOf(ReadOnlySpan<Entry> entries)
    {
        var oldest = 0;
        for (var i = 1; i < entries.Length; i++)
        {
            if (Age(entries[i]) > Age(entries[oldest])) oldest = i;
        }

        return oldest;
    }

    private uint Age(in Entry entry) => entry.Tick == 0 ? uint.MaxValue : _tick - entry.Tick;

    // The tokens lie side by side, and what is known of them beside that: a look-up mostly reads one line of memory, or two that are neighbours.
    private struct Set
    {
        public Tokens Tokens;
        public Entries Entries;
    }

    [InlineArray(Ways)]
    private struct Tokens
    {
        private ulong _first;
    }

    [InlineArray(Ways)]
    private struct Entries
    {
        private Entry _first;
    }

    private struct Entry
    {
        public uint First;
        public uint Second;
        public uint Third;
        public uint Tick;
        public byte Accounts;

        public uint this[int index]
        {
            readonly get => index switch { 0 => First, 1 => Second, _ => Third };
            set
            {
                if (index == 0) First = value;
                else if (index == 1) Second = value;
                else Third = value;
            }
        }
    }
}
