using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The moments at which an active campaign's members acted together, as an account compares its own with them: a stranger meets as many of them as
/// they cover of the time.
/// </summary>
internal sealed class BurstSet
{
    private const int FewestBursts = 3;
    private readonly HashSet<uint> _marks;

    // Nearly all moments of nearly all accounts are none of the campaign's: a bit in a few words says so, and the rest is looked up.
    private readonly ulong[] _likely = new ulong[16];
    private readonly uint _first;
    private readonly uint _span;
    private readonly double _cover;

    private BurstSet(CampaignSignature campaign)
    {
        Campaign = campaign;
        _marks = [.. campaign.Bursts.Select(Moments.MarkOf)];
        foreach (var mark in _marks) _likely[(int)(mark / 64) % _likely.Length] |= 1UL << (int)(mark % 64);
        _first = Moments.MarkOf(campaign.Bursts[0]);
        _span = (uint)Math.Min(0xFFFFFF, campaign.Bursts[^1] - campaign.Bursts[0]);
        _cover = _marks.Count / (_span + 1.0);
    }

    public CampaignSignature Campaign { get; }

    public static BurstSet[] Of(IEnumerable<CampaignSignature> campaigns) =>
        [.. campaigns.Where(c => c.Active && c.BurstsProved && c.Bursts.Count >= FewestBursts).OrderBy(c => c.Id).Select(c => new BurstSet(c))];

    /// <summary>How many of an account's moments are in the time that is known, and how many of them are the campaign's.</summary>
    public (int Known, int Hits) Compare(Moments moments)
    {
        int known = 0, hits = 0;
        for (var i = 0; i < Moments.Count; i++)
        {
            var mark = moments[i];
            if (mark == 0 || ((mark - _first) & 0xFFFFFF) > _span) continue;
            known++;
            if ((_likely[(int)(mark / 64) % _likely.Length] & (1UL << (int)(mark % 64))) != 0 && _marks.Contains(mark)) hits++;
        }

        return (known, hits);
    }

    /// <summary>The surprise of so many hits, in nats.</summary>
    public double SurpriseOf(int known, int hits) => Likelihood.Surprise(hits, known * _cover);
}
