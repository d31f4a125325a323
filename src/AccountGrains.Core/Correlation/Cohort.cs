namespace AccountGrains.Core.Correlation;

/// <summary>A sample of the accounts that show one template token, as it is tested: what one company shares is one record.</summary>
public sealed class Cohort
{
    private readonly List<SharedValue> _shared;

    /// <summary>The cohort of a sample.</summary>
    public Cohort(Fingerprint token, IReadOnlyList<Sighting> sample)
    {
        Token = token;
        _shared = SharedValues.Of(sample);
        var seen = new HashSet<ulong>();
        Records = [.. sample.Where(s => s.Organization == 0 || seen.Add(s.Organization))];
        Values = Records.Count == sample.Count ? _shared : SharedValues.Of(Records);
    }

    /// <summary>The template token.</summary>
    public Fingerprint Token { get; }

    /// <summary>The values whose popularity the test reads, and perhaps a few more.</summary>
    public IEnumerable<Fingerprint> Needed => _shared.Select(s => s.Value);

    internal List<Sighting> Records { get; }

    internal List<SharedValue> Values { get; }
}
