using AccountGrains.Core.States;

namespace AccountGrains.Core.Conduct;

/// <summary>
/// How some accounts behave that stand for all: of all that are active, those with the lowest keyed marks, each as of its last day. Which they are is
/// chance, and nobody can choose to be one. What is said twice counts once, and in any order. An account under a verdict stands for nobody.
/// </summary>
public sealed class ConductPanel
{
    /// <summary>How many accounts are kept.</summary>
    public const int Limit = 2048;

    private const int DaysKept = 14;
    private readonly Dictionary<uint, PanelEntry> _entries = [];
    private uint _highest = uint.MaxValue;
    private int _newest;

    /// <summary>Grows with each change.</summary>
    public int Revision { get; private set; }

    /// <summary>The accounts, by mark.</summary>
    public IReadOnlyList<PanelEntry> Entries
    {
        get
        {
            Trim();
            return [.. _entries.Values.OrderBy(e => e.Mark)];
        }
    }

    /// <summary>Notes how an account behaved up to a day; a profile of 0 takes it out of the comparison.</summary>
    public void Add(AccountId account, PanelReport report) =>
        Add(new PanelEntry((uint)(Mixing.Mix64(account.Token) >> 32), (ushort)Math.Clamp(report.Day, 0, ushort.MaxValue), report.Plan, report.Profile));

    /// <summary>Takes in what another silo noted.</summary>
    public void Merge(ConductPanel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var entry in other._entries.Values) Add(entry);
    }

    /// <summary>Writes the stored form.</summary>
    public void Write(StateWriter writer)
    {
        Trim();
        Lists.Write(writer, Entries, (w, entry) => entry.Write(w));
    }

    /// <summary>Reads the stored form.</summary>
    public static ConductPanel Read(ref StateReader reader)
    {
        var panel = new ConductPanel();
        foreach (var entry in Lists.Read(ref reader, PanelEntry.Read)) panel.Add(entry);
        return panel;
    }

    private void Add(in PanelEntry entry)
    {
        if (entry.Mark > _highest) return;
        if (_entries.TryGetValue(entry.Mark, out var known) && (known.Day > entry.Day || (known.Day == entry.Day && known.Profile.Packed >= entry.Profile.Packed))) return;
        _entries[entry.Mark] = entry;
        _newest = Math.Max(_newest, entry.Day);
        Revision++;
        if (_entries.Count >= 2 * Limit) Trim();
    }

    private void Trim()
    {
        foreach (var old in _entries.Values.Where(e => e.Day <= _newest - DaysKept).ToList()) _entries.Remove(old.Mark);
        _highest = uint.MaxValue;
        if (_entries.Count < Limit) return;
        foreach (var surplus in _entries.Keys.Order().Skip(Limit).ToList()) _entries.Remove(surplus);
        _highest = _entries.Keys.Max();
    }
}

/// <summary>What an account says for the panel.</summary>
/// <param name="Day">As of which day: whole days since 1970, UTC.</param>
/// <param name="Plan">The mark of its plan, 0 for none.</param>
/// <param name="Profile">How it behaves; 0 when it stands for nobody.</param>
public readonly record struct PanelReport(int Day, uint Plan, ConductProfile Profile);

/// <summary>One account of a panel.</summary>
/// <param name="Mark">Which, as a keyed mark.</param>
/// <param name="Day">As of which day.</param>
/// <param name="Plan">The mark of its plan, 0 for none.</param>
/// <param name="Profile">How it behaves; 0 when it stands for nobody.</param>
public readonly record struct PanelEntry(uint Mark, ushort Day, uint Plan, ConductProfile Profile)
{
    internal void Write(StateWriter writer)
    {
        writer.UInt32(Mark);
        writer.UInt16(Day);
        writer.UInt32(Plan);
        writer.UInt64(Profile.Packed);
    }

    internal static PanelEntry Read(ref StateReader reader) => new(reader.UInt32(), reader.UInt16(), reader.UInt32(), new ConductProfile(reader.UInt64()));
}
