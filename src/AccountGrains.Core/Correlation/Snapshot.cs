using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// What every verdict of a silo reads beside the account's own state: the policy, the population, the fingerprints too common to report, and how
/// campaigns are recognised. Immutable; swapped whole at an epoch's end.
/// </summary>
public sealed class Snapshot
{
    private readonly Dictionary<CampaignId, CampaignSignature> _campaigns;
    private readonly Dictionary<ulong, CampaignSignature[]> _byToken;
    private readonly HashSet<ulong> _common;
    private readonly BurstSet[] _bursting;

    private Snapshot(long version, Policy policy, PopulationView population, Dictionary<CampaignId, CampaignSignature> campaigns, Dictionary<ulong, CampaignSignature[]> byToken, BurstSet[] bursting, HashSet<ulong> common)
    {
        Version = version;
        Policy = policy;
        Population = population;
        _campaigns = campaigns;
        _byToken = byToken;
        _bursting = bursting;
        _common = common;
    }

    /// <summary>Grows with each swap.</summary>
    public long Version { get; }

    /// <summary>The policy.</summary>
    public Policy Policy { get; }

    /// <summary>The population.</summary>
    public PopulationView Population { get; }

    /// <summary>How accounts of each plan behave.</summary>
    public ConductNorms Norms { get; private init; } = ConductNorms.None;

    /// <summary>The campaigns that are recognised.</summary>
    public IReadOnlyCollection<CampaignSignature> Campaigns => _campaigns.Values;

    /// <summary>A snapshot that knows nothing but a policy.</summary>
    public static Snapshot Empty(Policy policy) => new(0, policy, default, [], [], [], []);

    /// <summary>A campaign's signature, null when it is not recognised.</summary>
    public CampaignSignature? Find(CampaignId id) => _campaigns.GetValueOrDefault(id);

    /// <summary>The moments of the campaigns whose members provably act together.</summary>
    internal ReadOnlySpan<BurstSet> Bursting => _bursting;

    /// <summary>True when a fingerprint is too common to report.</summary>
    public bool IsCommon(ulong token) => _common.Contains(token);

    /// <summary>The campaigns of whose signature a template token, card or device is a strong part.</summary>
    public ReadOnlySpan<CampaignSignature> Recognise(ulong token) => _byToken.TryGetValue(token, out var found) ? found : [];

    /// <summary>The next snapshot: signatures that changed, campaigns that are gone, the population, the common fingerprints and, unless they are as before, the norms of now.</summary>
    public Snapshot Next(
        Policy policy, PopulationView population, IReadOnlyCollection<CampaignSignature> changed, IReadOnlyCollection<CampaignId> gone, HashSet<ulong>? common, ConductNorms? norms = null)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(gone);
        if (changed.Count == 0 && gone.Count == 0)
        {
            return new Snapshot(Version + 1, policy, population, _campaigns, _byToken, _bursting, common ?? _common) { Norms = norms ?? Norms };
        }

        var campaigns = new Dictionary<CampaignId, CampaignSignature>(_campaigns);
        foreach (var id in gone) campaigns.Remove(id);
        foreach (var signature in changed) campaigns[signature.Id] = signature;
        return new Snapshot(Version + 1, policy, population, campaigns, Lookup(campaigns), BurstSet.Of(campaigns.Values), common ?? _common) { Norms = norms ?? Norms };
    }

    /// <summary>The same snapshot under another version.</summary>
    public Snapshot As(long version) => new(version, Policy, Population, _campaigns, _byToken, _bursting, _common) { Norms = Norms };

    private static Dictionary<ulong, CampaignSignature[]> Lookup(Dictionary<CampaignId, CampaignSignature> campaigns)
    {
        var lookup = new Dictionary<ulong, CampaignSignature[]>();
        foreach (var signature in campaigns.Values.OrderBy(c => c.Id))
        {
            foreach (var entry in signature.Entries)
            {
                if (!entry.Strong || entry.Fingerprint.Kind is not (FingerprintKind.Template or FingerprintKind.Payment or FingerprintKind.Device)) continue;
                var token = entry.Fingerprint.Token;
                lookup[token] = lookup.TryGetValue(token, out var others) ? [.. others, signature] : [signature];
            }
        }

        return lookup;
    }
}
