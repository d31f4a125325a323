using System.Buffers;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// Sightings side by side, in the order in which they came. An object for each, at hundreds of thousands a second and kept for minutes, is what a garbage collector does
/// worst; here a thousand of them are one array, which is used again when nothing refers to them any more. One fills it; others may read what is filled.
/// </summary>
public sealed class SightingRows
{
    /// <summary>The most rows of one.</summary>
    public const int Largest = 1024;

    private readonly Sighting?[] _made;
    private readonly bool _isRented;
    private SightingRow[] _rows;

    private SightingRows(SightingRow[] rows, int capacity, bool isRented)
    {
        _rows = rows;
        _made = new Sighting?[capacity];
        _isRented = isRented;
    }

    /// <summary>The number of rows filled.</summary>
    public int Count { get; private set; }

    /// <summary>True when there is no room for more.</summary>
    internal bool IsFull => Count == _made.Length;

    /// <summary>A row.</summary>
    public ref readonly SightingRow this[int place] => ref _rows[place];

    /// <summary>Empty rows.</summary>
    /// <param name="capacity">The most of them, at most 65,536.</param>
    internal static SightingRows Rent(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, ushort.MaxValue + 1);
        return new SightingRows(ArrayPool<SightingRow>.Shared.Rent(capacity), capacity, isRented: true);
    }

    /// <summary>A sighting as the only row.</summary>
    internal static SightingPlace Of(Sighting sighting)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        var rows = new SightingRows([sighting.Row], 1, isRented: false) { Count = 1 };
        rows._made[0] = sighting;
        return new SightingPlace(rows, 0);
    }

    /// <summary>One row more, with anything in it: its place.</summary>
    internal ushort Add()
    {
        if (IsFull) throw new InvalidOperationException("The rows are full.");
        return (ushort)Count++;
    }

    /// <summary>A row, for who fills it.</summary>
    internal ref SightingRow Own(int place) => ref _rows[place];

    /// <summary>A row as an object that may be kept: the same one whoever asks.</summary>
    internal Sighting At(int place) => Volatile.Read(ref _made[place]) ?? Make(place);

    /// <summary>Lets go of the objects that were made of rows: whoever needs one later makes another.</summary>
    internal void DropObjects() => Array.Clear(_made);

    /// <summary>Gives the room back: nothing refers to these rows any more, and reading them is an error.</summary>
    internal void Return()
    {
        var rows = _rows;
        _rows = [];
        if (_isRented && rows.Length > 0) ArrayPool<SightingRow>.Shared.Return(rows);
    }

    private Sighting Make(int place)
    {
        var made = new Sighting(_rows[place]);
        return Interlocked.CompareExchange(ref _made[place], made, null) ?? made;
    }
}
