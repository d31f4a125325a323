using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// The heads of prompts among a campaign's evidence, by the marks that sightings tell of them; of two with one mark the one with the higher fingerprint. It knows which are new
/// since members were last credited: only these, and what is new of a member, have to be looked at.
/// </summary>
internal sealed class EvidenceHeads
{
    private readonly Dictionary<uint, Evidence> _byMark = [];
    private readonly HashSet<uint> _fresh = [];
    private bool _isAmbiguous;
    private bool _isStale;

    /// <summary>True when a head came since members were credited.</summary>
    public bool AnyFresh => _fresh.Count > 0;

    /// <summary>Takes in a piece of evidence, if it is a head.</summary>
    public void Add(Evidence entry)
    {
        if (!IsHead(entry)) return;
        var mark = PopularHeads.MarkOf(entry.Fingerprint);
        if (_byMark.TryGetValue(mark, out var other))
        {
            _isAmbiguous = true;
            if (other.Fingerprint > entry.Fingerprint) return;
        }

        _byMark[mark] = entry;
        _fresh.Add(mark);
    }

    /// <summary>Takes out a piece of evidence, if it is a head.</summary>
    public void Remove(Evidence entry)
    {
        if (!IsHead(entry)) return;
        var mark = PopularHeads.MarkOf(entry.Fingerprint);
        if (!ReferenceEquals(_byMark.GetValueOrDefault(mark), entry)) return;
        _byMark.Remove(mark);
        _isStale |= _isAmbiguous;
    }

    /// <summary>Looks at all entries again when one that shared its mark with another may have gone.</summary>
    public void Settle(IEnumerable<Evidence> entries)
    {
        if (!_isStale) return;
        Clear();
        foreach (var entry in entries) Add(entry);
    }

    /// <summary>The head with a mark; null when there is none, or none that is new where only these are asked for.</summary>
    public Evidence? Find(uint mark, bool freshOnly) => freshOnly && !_fresh.Contains(mark) ? null : _byMark.GetValueOrDefault(mark);

    /// <summary>Notes that all members were credited.</summary>
    public void Credited() => _fresh.Clear();

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _byMark.Clear();
        _fresh.Clear();
        _isAmbiguous = _isStale = false;
    }

    private static bool IsHead(Evidence entry) => entry.Fingerprint.Kind == FingerprintKind.Template && Sighting.ClassOf(entry.Fingerprint) == 0;
}
