namespace AccountGrains.Core.Correlation;

/// <summary>Where one writer puts sightings: rows are filled one after the other, and small ones come first, so that few sightings take little room.</summary>
internal sealed class SightingStore
{
    private const int Smallest = 64;
    private readonly List<SightingRows> _filled = [];
    private SightingRows? _open;
    private int _size = Smallest;
    private SightingPlace _copied;
    private SightingPlace _copy;

    /// <summary>The rows that were filled since the last time that they were forgotten.</summary>
    public IReadOnlyList<SightingRows> Filled => _filled;

    /// <summary>These, and those that are being filled.</summary>
    public IReadOnlyList<SightingRows> All => _open is null ? _filled : [.. _filled, _open];

    /// <summary>The row at a place that this store gave.</summary>
    public ref SightingRow this[SightingPlace place] => ref place.Rows.Own(place.Place);

    /// <summary>The next place, with anything in it.</summary>
    public SightingPlace Next()
    {
        if (_open is not { IsFull: false })
        {
            if (_open is not null) _filled.Add(_open);
            _open = SightingRows.Rent(_size);
            _size = Math.Min(SightingRows.Largest, 4 * _size);
        }

        return new SightingPlace(_open, _open.Add());
    }

    /// <summary>Adds a copy of a row.</summary>
    public SightingPlace Add(in SightingRow row)
    {
        var place = Next();
        this[place] = row;
        return place;
    }

    /// <summary>A copy of a sighting that lies elsewhere. Reports of one sighting come one after the other, mostly, and share it.</summary>
    public SightingPlace CopyOf(SightingPlace sighting)
    {
        if (_copied.IsNone || sighting != _copied) (_copied, _copy) = (sighting, Add(sighting.Row));
        return _copy;
    }

    /// <summary>Takes over what another one filled.</summary>
    public void Take(SightingStore other) => _filled.AddRange(other._filled);

    /// <summary>Forgets what was filled: whoever took it says when it is not needed any more.</summary>
    public void Forget()
    {
        _filled.Clear();
        (_copied, _copy) = (default, default);
    }
}
