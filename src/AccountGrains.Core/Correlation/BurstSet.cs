using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The moments at which a campaign's members acted together, as an account compares its own with them: a stranger meets as many of them as
/// they cover of the time.
/// </summary>
internal sealed class BurstSet
{
    private const int FewestBursts = 3;
    private const int Limit = 64;
    private const uint Bits = 0xFFFFFF;
    private readonly HashSet<uint> _marks;
    private readonly HashSet<uint> _near;
    private readonly uint _first;
    private readonly uint _span;

    private BurstSet(CampaignSignature campaign)
    {
        Campaign = campaign;
        _marks = [.. campaign.Bursts.Select(Moments.MarkOf)];
        _first = Moments.MarkOf(campaign.Bursts[0]);
        _span = (uint)Math.Min(Bits, campaign.Bursts[^1] - campaign.Bursts[0]);
        _near = [.. _marks.SelectMany(m => (uint[])[(m - 1) & Bits, m, (m + 1) & Bits])];
    }

    public CampaignSignature Campaign { get; }

    public static BurstSet[] Of(IEnumerable<CampaignSignature> campaigns) =>
        [.. campaigns.Where(c => c.Gathers && c.Bursts.Count >= FewestBursts).OrderByDescending(c => c.Active).ThenByDescending(c => c.Members).ThenBy(c => c.Id).Take(Limit).Select(c => new BurstSet(c))];

    /// <summary>
    /// How many of an account's moments in the time that is known are the campaign's, and the surprise of that in nats. What takes some seconds falls into
    /// two buckets: those beside count too, where that surprises more though they cover three times as much.
    /// </summary>
    public (int Hits, double Surprise) Compare(Moments moments)
    {
        int known = 0, hits = 0, near = 0;
        for (var i = 0; i < Moments.Count; i++)
        {
            var mark = moments[i];
            if (mark == 0 || ((mark - _first) & Bits) > _span) continue;
            known++;
            if (_marks.Contains(mark)) hits++;
            if (_near.Contains(mark)) near++;
        }

        double exact = SurpriseOf(hits, known, _marks.Count), wide = SurpriseOf(near, known, _near.Count);
        return exact >= wide ? (hits, exact) : (near, wide);
    }

    private double SurpriseOf(int hits, int known, int covered) => Likelihood.Surprise(hits, known * Math.Min(1, covered / (_span + 1.0)));
}
