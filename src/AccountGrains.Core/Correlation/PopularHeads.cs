using AccountGrains.Core.Accounts;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>A head that many accounts have sent.</summary>
/// <param name="Mark">Its mark.</param>
/// <param name="Accounts">How many have sent it.</param>
public readonly record struct PopularHead(uint Mark, int Accounts)
{
    internal void Write(StateWriter writer)
    {
        writer.UInt32(Mark);
        writer.Int32(Accounts);
    }

    internal static PopularHead Read(ref StateReader reader) => new(reader.UInt32(), reader.Int32());
}

/// <summary>How many accounts have sent the heads that many have sent, by their marks; bounded, the rarest fall out. All others count as rare.</summary>
public sealed class PopularHeads
{
    /// <summary>The share of the population from which a head is popular.</summary>
    public const double Floor = 0.001;

    private const int Limit = 4096;
    private readonly Dictionary<uint, int> _accounts = [];

    /// <summary>True for a template's head that many accounts have.</summary>
    public static bool IsPopular(Fingerprint fingerprint, int accounts, PopulationView population) =>
        fingerprint.Kind == FingerprintKind.Template && Sighting.ClassOf(fingerprint) == 0 && accounts >= Floor * population.Active;

    /// <summary>The mark of a head.</summary>
    public static uint MarkOf(Fingerprint head) => Trail.MarkOf((ulong)head.Value);

    /// <summary>Notes how many accounts heads have.</summary>
    public void Note(IEnumerable<PopularHead> heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        foreach (var head in heads) _accounts[head.Mark] = head.Accounts;
        if (_accounts.Count <= 2 * Limit) return;
        foreach (var mark in _accounts.OrderByDescending(a => a.Value).ThenBy(a => a.Key).Skip(Limit).Select(a => a.Key).ToList()) _accounts.Remove(mark);
    }

    /// <summary>The share of a head among the accounts that are not those given.</summary>
    public double ShareOutside(uint mark, int inside, PopulationView population) =>
        _accounts.TryGetValue(mark, out var accounts) ? Likelihood.Share(Math.Max(0, accounts - inside), Math.Max(2, population.Active - inside)) : 0;

    internal void Write(StateWriter writer) => Lists.Write(writer, [.. _accounts.OrderBy(a => a.Key).Select(a => new PopularHead(a.Key, a.Value))], (w, head) => head.Write(w));

    internal static PopularHeads Read(ref StateReader reader)
    {
        var heads = new PopularHeads();
        heads.Note(Lists.Read(ref reader, PopularHead.Read));
        return heads;
    }
}
