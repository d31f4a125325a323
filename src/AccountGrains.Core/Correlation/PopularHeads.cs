using AccountGrains.Core.Accounts;

namespace AccountGrains.Core.Correlation;

/// <summary>How many accounts have sent the heads that many have sent, by their marks; bounded, the rarest fall out. All others count as rare.</summary>
public sealed class PopularHeads
{
    /// <summary>The share of the population from which a head is popular.</summary>
    public const double Floor = 0.001;

    private const int Limit = 4096;
    private readonly Dictionary<uint, int> _accounts = [];

    /// <summary>Notes how many accounts a fingerprint has.</summary>
    public void Note(Fingerprint fingerprint, int accounts, PopulationView population)
    {
        if (fingerprint.Kind != FingerprintKind.Template || Sighting.ClassOf(fingerprint) != 0 || accounts < Floor * population.Active) return;
        _accounts[Trail.MarkOf((ulong)fingerprint.Value)] = accounts;
        if (_accounts.Count <= 2 * Limit) return;
        foreach (var mark in _accounts.OrderByDescending(a => a.Value).ThenBy(a => a.Key).Skip(Limit).Select(a => a.Key).ToList()) _accounts.Remove(mark);
    }

    /// <summary>The share of a head among the accounts that are not those given.</summary>
    public double ShareOutside(uint mark, int inside, PopulationView population) =>
        _accounts.TryGetValue(mark, out var accounts) ? Likelihood.Share(Math.Max(0, accounts - inside), Math.Max(2, population.Active - inside)) : 0;
}
