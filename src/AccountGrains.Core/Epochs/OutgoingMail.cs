using AccountGrains.Core.Campaigns;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// What a site sends at the end of an epoch, by the site that it goes to. Its lists are kept from epoch to epoch: those of a busy silo have tens of thousands of reports.
/// </summary>
internal sealed class OutgoingMail
{
    private readonly SortedDictionary<int, Bag> _bags = [];

    /// <summary>What there is for each site, until it is emptied.</summary>
    public IEnumerable<(int Site, SiteDelivery Delivery)> Deliveries =>
        _bags.Where(b => !b.Value.IsEmpty).Select(b => (b.Key, new SiteDelivery(0, b.Value.Reports, b.Value.Activity)));

    /// <summary>Adds a report.</summary>
    public void Add(int site, in BatchReport report) => For(site).Reports.Add(report);

    /// <summary>Adds what a member did.</summary>
    public void Add(int site, MemberActivity activity) => For(site).Activity.Add(activity);

    /// <summary>Empties it: all of it was delivered, or copied.</summary>
    public void Clear()
    {
        foreach (var bag in _bags.Values) bag.Clear();
    }

    private Bag For(int site)
    {
        if (!_bags.TryGetValue(site, out var bag)) _bags.Add(site, bag = new Bag());
        return bag;
    }

    private sealed class Bag
    {
        private IdleRoom _room = new(smallest: 1_024);

        public List<BatchReport> Reports { get; } = [];

        public List<MemberActivity> Activity { get; } = [];

        public bool IsEmpty => Reports.Count == 0 && Activity.Count == 0;

        public void Clear()
        {
            _room.Empty(Reports);
            Activity.Clear();
        }
    }
}
