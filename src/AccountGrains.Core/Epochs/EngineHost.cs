using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>Accounts, fingerprints and campaigns in dictionaries; every answer is there at once.</summary>
internal sealed class EngineHost(Dictionary<AccountId, AccountState> accounts, Action<int, Action<int>>? each = null) : IEpochHost, ISiteHost
{
    // What one piece of work takes has to be worth more than to wake a thread.
    private const int Piece = 16;
    private readonly CampaignIndex _index = new();

    public Dictionary<Fingerprint, FingerprintState> Fingerprints { get; } = [];

    public SortedDictionary<CampaignId, Campaign> Campaigns { get; } = [];

    public Snapshot Snapshot { get; set; } = Snapshot.Empty(Policy.Default);

    public ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, Policy policy)
    {
        var outcomes = new FingerprintOutcome?[calls.Count];
        var states = new FingerprintState[calls.Count];
        for (var i = 0; i < calls.Count; i++) states[i] = StateOf(calls[i].Fingerprint);
        InPieces(calls.Count, Piece, i =>
        {
            states[i].Seed(calls[i].Earlier);
            outcomes[i] = states[i].Observe(calls[i].Reports, calls[i].Population, policy);
        });
        return new(outcomes);
    }

    public ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints) =>
        new([.. fingerprints.Select(f => Fingerprints.TryGetValue(f, out var state) ? state.Accounts : (int?)null)]);

    public ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end) => new(_index.Place(proposals, end));

    public ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, Policy policy)
    {
        var outcomes = new CampaignOutcome?[calls.Count];
        var campaigns = new Campaign?[calls.Count];
        for (var i = 0; i < calls.Count; i++) campaigns[i] = CampaignOf(calls[i]);
        Each(calls.Count, i => outcomes[i] = campaigns[i] is { } campaign
            ? campaign.Close(calls[i].Input, popularity, calls[i].Population, policy)
            : Campaign.Gone(calls[i], policy));
        return new(outcomes);
    }

    public ValueTask<bool> AdoptAsync(Campaign part)
    {
        Campaigns.Add(part.Id, part);
        return new(true);
    }

    public ValueTask<IReadOnlyList<Merger>?> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end, Policy policy) => new(_index.Update(outcomes, end, policy));

    public ValueTask<MergerOutcome?> MergeAsync(Merger merger, long end, PopulationView population, Policy policy)
    {
        var into = Campaigns[merger.Into];
        var standings = into.Absorb(Campaigns[merger.From], end);
        Campaigns[merger.From].Bury(merger.Into, end);
        var signature = into.SignatureNow(population, policy);
        _index.Update(signature);
        return new(new MergerOutcome(signature, standings));
    }

    public ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)?> SweepAsync(long end, Policy policy) =>
        new(([.. _index.Silent(end, policy)], _index.Surplus(policy)));

    public ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns)
    {
        var standings = new List<Standing>();
        foreach (var id in campaigns)
        {
            standings.AddRange(Campaigns[id].Dissolve());
            _index.Remove(id);
        }

        return new(standings);
    }

    public ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls)
    {
        var replies = new AccountReply?[calls.Count];
        InPieces(calls.Count, Piece, i => replies[i] = AccountRules.Apply(accounts[calls[i].Account], calls[i], Snapshot));
        return new(replies);
    }

    public ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies)
    {
        if (Campaigns.TryGetValue(campaign, out var found)) found.Acknowledge(replies);
        return ValueTask.CompletedTask;
    }

    public ValueTask EachAsync(int count, Action<int> work)
    {
        Each(count, work);
        return ValueTask.CompletedTask;
    }

    private void Each(int count, Action<int> work)
    {
        if (each is not null && count > 1) each(count, work);
        else for (var i = 0; i < count; i++) work(i);
    }

    private void InPieces(int count, int size, Action<int> work) => Each((count + size - 1) / size, piece =>
    {
        for (var i = piece * size; i < Math.Min(count, (piece + 1) * size); i++) work(i);
    });

    private FingerprintState StateOf(Fingerprint fingerprint)
    {
        if (!Fingerprints.TryGetValue(fingerprint, out var state)) Fingerprints.Add(fingerprint, state = new FingerprintState(fingerprint));
        return state;
    }

    private Campaign? CampaignOf(CampaignCall call)
    {
        if (!Campaigns.TryGetValue(call.Campaign, out var campaign) && call.Founding is { } founding)
        {
            Campaigns.Add(call.Campaign, campaign = Campaign.Found(call.Campaign, founding, call.Input.End));
        }

        return campaign;
    }
}
