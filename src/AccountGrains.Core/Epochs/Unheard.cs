using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Epochs;

/// <summary>What a site answered and is not known to have been heard: it is said again until it was. All of it may be heard twice.</summary>
internal sealed class Unheard
{
    private const int Limit = 100_000;
    private readonly List<Proposal> _proposals = [];
    private readonly List<LinkNotice> _links = [];
    private readonly List<CampaignOutcome> _outcomes = [];

    public Population Population { get; private set; } = new();

    public IReadOnlyList<Proposal> Proposals => _proposals;

    public IReadOnlyList<LinkNotice> Links => _links;

    public IReadOnlyList<CampaignOutcome> Outcomes => _outcomes;

    /// <summary>Forgets everything when it was heard.</summary>
    public void Opened(bool heard)
    {
        if (!heard) return;
        Population = new Population();
        _proposals.Clear();
        _links.Clear();
        _outcomes.Clear();
    }

    public void Add(IEnumerable<Proposal> proposals) => Keep(_proposals, proposals);

    public void Add(IEnumerable<LinkNotice> links) => Keep(_links, links);

    public void Add(IEnumerable<CampaignOutcome> outcomes) => Keep(_outcomes, outcomes);

    private static void Keep<T>(List<T> kept, IEnumerable<T> more)
    {
        if (kept.Count < Limit) kept.AddRange(more);
    }
}
