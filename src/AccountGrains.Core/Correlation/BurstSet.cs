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

    // Nearly all moments of nearly all accounts are none of the campaign's: a bit in a few words says so, and the rest is looked up.
    private readonly ulong[] _likely = new ulong[16];
    private readonly uint _first;
    private readonly uint _span;

    private BurstSet(CampaignSignature campaign)
    {
        Campaign = campaign;
        _marks = [.. campaign.Bursts.Select(Moments.MarkOf)];
        _near = [.. _marks.SelectMany(m => (uint[])[(m - 1) & Bits, m, (m + 1) & Bits])];
        foreach (var mark in _near) _likely[(int)(mark / 64) % _likely.Length] |= 1UL << (int)(mark % 64);
        _first = Moments.MarkOf(campaign.Bursts[0]);
        _span = (uint)Math.Min(Bits, campaign.Bursts[^1] - campaign.Bursts[0]);
    }

    public CampaignSignature Campaign { get; }

    public static BurstSet[] Of(IEnumerable<CampaignSignature> campaigns) =>
        [.. campaigns.Where(c => c.Gathers && c.Bursts.Count >= FewestBursts).OrderByDescending(c => c.Active).ThenByDescending(c => c.Members).ThenBy(c => c.Id).Take(Limit).Select(c => new BurstSet(c))];

    /// <summary>
    /// The surprise, in nats, that so many of an account's moments in the time that is known are the campaign's; 0 for fewer than are asked for. What takes some
    /// seconds falls into two buckets: those beside count too, where that surprises more though they cover three times as much.
    /// </summary>
    public double SurpriseOf(in Moments moments, int fewest)
    {
        int known = 0, hits = 0, near = 0;
        for (var i = 0; i < Moments.Count; i++)
        {
            var mark = moments[i];
            if (mark == 0 || ((mark - _first) & Bits) > _span) continue;
            known++;
            if ((_likely[(int)(mark / 64) % _likely.Length] & (1UL << (int)(mark % 64))) == 0 || !_near.Contains(mark)) continue;
            near++;
            if (_marks.Contains(mark)) hits++;
        }

        return near < fewest ? 0 : Math.Max(hits < fewest ? 0 : Surprise(hits, known, _marks.Count), Surprise(near, known, _near.Count));
    }

    private double Surprise(int hits, int known, int covered) => Likelihood.Surprise(hits, known * Math.Min(1, covered / (_span + 1.0)));
}
