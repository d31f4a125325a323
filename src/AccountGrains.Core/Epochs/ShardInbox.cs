using AccountGrains.Core.Campaigns;

namespace AccountGrains.Core.Epochs;

/// <summary>What waits in a shard for its fingerprints and campaigns: bounded, and put into its fixed order when it is taken.</summary>
public sealed class ShardInbox
{
    private const int Limit = 250_000;
    private readonly SortedDictionary<CampaignId, List<MemberActivity>> _activity = [];
    private List<BatchReport> _reports = [];
    private List<BatchReport> _taken = [];
    private IdleRoom _room = new(smallest: 1_024);
    private IdleRoom _roomTaken = new(smallest: 1_024);
    private int _activities;

    /// <summary>What found no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>The number of reports and activities that wait.</summary>
    public int Depth => _reports.Count + _activities;

    /// <summary>Campaigns that something waits for, by id.</summary>
    public IReadOnlyCollection<CampaignId> Campaigns => _activity.Keys;

    /// <summary>Everything, as it came.</summary>
    public SiteDelivery Contents => new(0, _reports, [.. _activity.Values.SelectMany(a => a)]);

    /// <summary>Adds a report.</summary>
    public void Add(in BatchReport report)
    {
        if (_reports.Count >= Limit) Dropped++;
        else _reports.Add(report);
    }

    /// <summary>Adds what a member did.</summary>
    public void Add(MemberActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (_activities >= Limit)
        {
            Dropped++;
            return;
        }

        if (!_activity.TryGetValue(activity.Campaign, out var list)) _activity.Add(activity.Campaign, list = []);
        list.Add(activity);
        _activities++;
    }

    /// <summary>Adds what another silo sent.</summary>
    public void Add(SiteDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        foreach (var report in delivery.Reports) Add(report);
        foreach (var activity in delivery.Activity) Add(activity);
    }

    /// <summary>Takes the reports: by fingerprint, account and time, one for each account and fingerprint. The list is the taker's until the next time.</summary>
    public List<BatchReport> TakeReports()
    {
        // Two lists in turn: there are tens of thousands of reports in the epoch of a busy silo, and lists of that size must not be made anew for each.
        (_reports, _room, _taken, _roomTaken) = (_taken, _roomTaken, _reports, _room);
        _reports.Clear();
        if (_room.IsIdle(_taken.Count, _reports.Capacity)) _reports = [];
        ReportOrder.Sort(_taken);
        return _taken;
    }

    /// <summary>Takes what members of a campaign did, as it came.</summary>
    public IReadOnlyList<MemberActivity> TakeActivity(CampaignId campaign)
    {
        if (!_activity.Remove(campaign, out var list)) return [];
        _activities -= list.Count;
        return list;
    }

    /// <summary>Drops what members did.</summary>
    public void DropActivity()
    {
        _activity.Clear();
        _activities = 0;
    }

    /// <summary>Takes everything, as it came.</summary>
    public SiteDelivery Take()
    {
        var contents = Contents;
        _reports = [];
        DropActivity();
        return contents;
    }
}
