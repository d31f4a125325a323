using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Epochs;

/// <summary>Gathers what goes to each campaign at the end of an epoch.</summary>
internal sealed class CallTable(EpochCarry carry, EpochWork work)
{
    private readonly SortedDictionary<CampaignId, (Proposal? Founding, List<Sighting> Joins)> _calls = [];

    /// <summary>Closes a campaign's epoch, whether or not anything goes to it.</summary>
    public void Include(CampaignId id)
    {
        if (!_calls.ContainsKey(id)) _calls.Add(id, (carry.Unfounded.GetValueOrDefault(id), []));
    }

    /// <summary>Leaves a campaign alone.</summary>
    public void Exclude(CampaignId id)
    {
        _calls.Remove(id);
        carry.TakeOwed(id);
    }

    /// <summary>Has accounts join a campaign, or found it.</summary>
    public void Place(Placement placement)
    {
        Include(placement.Campaign);
        var call = _calls[placement.Campaign];
        call.Joins.AddRange(placement.Joins);
        _calls[placement.Campaign] = call with { Founding = call.Founding ?? placement.Founding };
    }

    /// <summary>The calls, by campaign.</summary>
    public IReadOnlyList<CampaignCall> Take() => [.. _calls.Select(c => new CampaignCall(
        c.Key, c.Value.Founding, new CampaignInput(work.End, [.. c.Value.Joins.OrderBy(j => j.Account).ThenBy(j => j.Time)], carry.TakeOwed(c.Key)), work.Population))];
}
