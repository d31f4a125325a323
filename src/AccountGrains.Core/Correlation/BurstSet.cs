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
    private readonly uint _first;
    private readonly uint _span;
    private readonly double _cover;

    private BurstSet(CampaignSignature campaign)
    {
        Campaign = campaign;
        _marks = [.. campaign.Bursts.Select(Moments.MarkOf)];
        _first = Moments.MarkOf(campaign.Bursts[0]);
        _span = (uint)Math.Min(0xFFFFFF, campaign.Bursts[^1] - campaign.Bursts[0]);
        _cover = _marks.Count / (_span + 1.0);
    }

    public CampaignSignature Campaign { get; }

    public static BurstSet[] Of(IEnumerable<CampaignSignature> campaigns) =>
        [.. campaigns.Where(c => c.Active && c.BurstsProved && c.Bursts.Count >= FewestBursts).OrderBy(c => c.Id).Select(c => new BurstSet(c))];

    /// <summary>How many of an account's moments in the time that is known are the campaign's, and the surprise of that in nats.</summary>
    public (int Hits, double Surprise) Compare(Moments moments)
    {
        int known = 0, hits = 0;
        for (var i = 0; i < Moments.Count; i++)
        {
            var mark = moments[i];
            if (mark == 0 || ((mark - _first) & 0xFFFFFF) > _span) continue;
            known++;
            if (_marks.Contains(mark)) hits++;
        }

        return (hits, Likelihood.Surprise(hits, known * _cover));
    }
}
