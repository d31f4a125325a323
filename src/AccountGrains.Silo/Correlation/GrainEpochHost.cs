using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>Campaigns, their index and accounts as grains, for what is done once for all silos.</summary>
internal sealed class GrainEpochHost(IGrainFactory grains, GrainCalls grainCalls, AccountTeller teller) : IEpochHost
{
    private ICampaignIndexGrain Index => grains.GetGrain<ICampaignIndexGrain>(0);

    public async ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end)
    {
        var reply = await grainCalls.TryAsync(proposals, p => Index.PlaceAsync(new(new PlaceCall(p, end)))).ConfigureAwait(false);
        return reply?.Value.Placements;
    }

    public async ValueTask<bool> AdoptAsync(Campaign part) =>
        await grainCalls.TryAsync(part, p => GrainCalls.DoneAsync(Campaign(p.Id).AdoptAsync(new StoredRecord { Payload = CampaignCodec.Write(p) }))).ConfigureAwait(false) is not null;

    public async ValueTask<IReadOnlyList<Merger>?> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end, Policy policy)
    {
        var mergers = await grainCalls.TryAsync(new UpdateCall(outcomes, end), call => Index.UpdateAsync(new(call))).ConfigureAwait(false);
        return mergers is null ? null : [.. mergers.Select(m => new Merger(new CampaignId(m.From), new CampaignId(m.Into)))];
    }

    public ValueTask<MergerOutcome?> MergeAsync(Merger merger, long end, PopulationView population, Policy policy)
    {
        return grainCalls.TryAsync(merger, MergeAsync);

        // Every step can be done again: the one that stays takes the other in once, and the index names the merger until the last step is done.
        async ValueTask<MergerOutcome> MergeAsync(Merger merger)
        {
            var other = await Campaign(merger.From).GetAsync().ConfigureAwait(false);
            var call = new CampaignCall(merger.Into, null, new CampaignInput(end, [], []), population);
            var outcome = await Campaign(merger.Into).AbsorbAsync(other, new(call)).ConfigureAwait(false);
            await Campaign(merger.From).BuryAsync(merger.Into.Value, end).ConfigureAwait(false);
            await Index.ReplaceAsync(outcome).ConfigureAwait(false);
            return outcome.Value;
        }
    }

    public async ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)?> SweepAsync(long end, Policy policy)
    {
        if (await grainCalls.TryAsync(end, async at => (object)await Index.SweepAsync(at).ConfigureAwait(false)).ConfigureAwait(false) is not SweepReply reply) return null;
        return ([.. reply.Silent.Select(id => new CampaignId(id))], [.. reply.Surplus.Select(id => new CampaignId(id))]);
    }

    public async ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns)
    {
        var replies = await grainCalls.AllAsync(campaigns, id => Campaign(id).DissolveAsync()).ConfigureAwait(false);

        // What did not answer, or is not removed, is found again by the next sweep.
        ulong[] dissolved = [.. campaigns.Where((_, i) => replies[i] is not null).Select(c => c.Value)];
        await grainCalls.TryAsync(dissolved, ids => GrainCalls.DoneAsync(Index.RemoveAsync(ids))).ConfigureAwait(false);
        return [.. replies.SelectMany(r => r?.Value.Items ?? [])];
    }

    public ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls) => teller.TellAsync(calls);

    /// <summary>What is lost here is not said again: an estimate that is missing is better than one that counts twice.</summary>
    public async ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies) =>
        await grainCalls.TryAsync(new JoinReplies(replies), said => GrainCalls.DoneAsync(Campaign(campaign).AcknowledgeAsync(new(said)))).ConfigureAwait(false);

    private ICampaignGrain Campaign(CampaignId id) => grains.GetGrain<ICampaignGrain>(id.ToString());
}
