using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The fingerprints too common to report. What qualifies is still reported for one refresh interval, in which every active account says that it has
/// it, so that its share is measured; then it is not reported for four, and measured again.
/// </summary>
internal sealed class CommonFingerprints
{
    private const int QuietIntervals = 4;
    private readonly Dictionary<ulong, Entry> _entries = [];

    /// <summary>Notes how many accounts a reported fingerprint has.</summary>
    public void Note(Fingerprint fingerprint, int accounts, PopulationView population, long end, Policy policy)
    {
        if (accounts < policy.CommonFloor || accounts < policy.CommonShare * population.Active) return;
        var token = fingerprint.Token;
        if (!_entries.TryGetValue(token, out var entry))
        {
            entry = new Entry(0, end + policy.RefreshInterval, end + ((1 + QuietIntervals) * policy.RefreshInterval));
        }

        _entries[token] = entry with { Share = accounts / Math.Max(1, population.Active) };
    }

    /// <summary>Forgets what has to be measured again.</summary>
    public void Expire(long end)
    {
        if (_entries.Count == 0) return;
        foreach (var token in _entries.Where(e => e.Value.Until <= end).Select(e => e.Key).ToList()) _entries.Remove(token);
    }

    /// <summary>The share of a fingerprint that is not reported now; false for all others.</summary>
    public bool TryGetShare(ulong token, long end, out double share)
    {
        share = 0;
        if (!_entries.TryGetValue(token, out var entry) || entry.From > end) return false;
        share = entry.Share;
        return true;
    }

    /// <summary>The tokens of those that are not reported now.</summary>
    public HashSet<ulong> Now(long end) => _entries.Count == 0 ? [] : [.. _entries.Where(e => e.Value.From <= end).Select(e => e.Key)];

    public void Write(StateWriter writer) => Lists.Write(writer, _entries, (w, entry) =>
    {
        w.UInt64(entry.Key);
        w.Double(entry.Value.Share);
        w.Int64(entry.Value.From);
        w.Int64(entry.Value.Until);
    });

    public static CommonFingerprints Read(ref StateReader reader)
    {
        var common = new CommonFingerprints();
        foreach (var (token, entry) in Lists.Read(ref reader, (ref StateReader r) => (r.UInt64(), new Entry(r.Double(), r.Int64(), r.Int64())))) common._entries[token] = entry;
        return common;
    }

    private readonly record struct Entry(double Share, long From, long Until);
}
