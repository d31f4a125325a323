using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>What campaign grains read while an epoch ends: set before they are called, and left alone until all have answered.</summary>
internal sealed class EpochContext(PolicyHolder policies)
{
    /// <summary>The policy that the epoch ends under.</summary>
    public Policy Policy { get; set; } = policies.Current;

    /// <summary>How many accounts show a fingerprint, below 0 when that is not known here.</summary>
    public Func<Fingerprint, int> Popularity { get; set; } = _ => -1;
}

/// <summary>Accounts, fingerprints and campaigns as grains. A call that fails counts as not acknowledged.</summary>
internal sealed partial class GrainEpochHost(IGrainFactory grains, SnapshotHolder snapshots, EpochContext context, ILogger<GrainEpochHost> logger) : IEpochHost
{
    private const int Parallel = 64;

    private ICampaignIndexGrain Index => grains.GetGrain<ICampaignIndexGrain>(0);

    public async ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, Policy policy)
    {
        context.Policy = policy;
        var replies = await AllAsync(calls, call => grains.GetGrain<IFingerprintGrain>(call.Fingerprint.GrainKey).ReportAsync(new(call))).ConfigureAwait(false);
        return [.. replies.Select(r => r?.Value.Outcome)];
    }

    public async ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints)
    {
        var replies = await AllAsync(fingerprints, async f => (object)await grains.GetGrain<IFingerprintGrain>(f.GrainKey).PopularityAsync().ConfigureAwait(false)).ConfigureAwait(false);
        return [.. replies.Select(r => r is int accounts and > 0 ? accounts : (int?)null)];
    }

    public async ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end)
    {
        var replies = await AllAsync([proposals], p => Index.PlaceAsync(new(new PlaceCall(p, end)))).ConfigureAwait(false);
        return replies[0]?.Value.Placements;
    }

    public async ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, Policy policy)
    {
        context.Policy = policy;
        context.Popularity = popularity;
        var replies = await AllAsync(calls, call => Campaign(call.Campaign).CloseAsync(new(call))).ConfigureAwait(false);
        return [.. replies.Select(r => r?.Value)];
    }

    public async ValueTask<bool> AdoptAsync(Campaign part) =>
        await TryAsync(part, p => DoneAsync(Campaign(p.Id).AdoptAsync(new StoredRecord { Payload = CampaignCodec.Write(p) }))).ConfigureAwait(false) is not null;

    public async ValueTask<IReadOnlyList<Merger>?> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end)
    {
        var mergers = await TryAsync(new UpdateCall(outcomes, end), call => Index.UpdateAsync(new(call))).ConfigureAwait(false);
        return mergers is null ? null : [.. mergers.Select(m => new Merger(new CampaignId(m.From), new CampaignId(m.Into)))];
    }

    public ValueTask<MergerOutcome?> MergeAsync(Merger merger, long end, PopulationView population, Policy policy)
    {
        context.Policy = policy;
        return TryAsync(merger, MergeAsync);

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
        context.Policy = policy;
        if (await TryAsync(end, async at => (object)await Index.SweepAsync(at).ConfigureAwait(false)).ConfigureAwait(false) is not SweepReply reply) return null;
        return ([.. reply.Silent.Select(id => new CampaignId(id))], [.. reply.Surplus.Select(id => new CampaignId(id))]);
    }

    public async ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns)
    {
        var replies = await AllAsync(campaigns, id => Campaign(id).DissolveAsync()).ConfigureAwait(false);

        // What did not answer, or is not removed, is found again by the next sweep.
        ulong[] dissolved = [.. campaigns.Where((_, i) => replies[i] is not null).Select(c => c.Value)];
        await TryAsync(dissolved, ids => DoneAsync(Index.RemoveAsync(ids))).ConfigureAwait(false);
        return [.. replies.SelectMany(r => r?.Value.Items ?? [])];
    }

    public void Publish(Snapshot snapshot) => snapshots.Current = snapshot;

    public async ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls)
    {
        var replies = await AllAsync(calls, call => grains.GetGrain<IAccountGrain>(call.Account.ToString()).TellAsync(new(call))).ConfigureAwait(false);
        return [.. replies.Select(r => r?.Value)];
    }

    /// <summary>What is lost here is not said again: an estimate that is missing is better than one that counts twice.</summary>
    public async ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies) =>
        await TryAsync(new JoinReplies(replies), said => DoneAsync(Campaign(campaign).AcknowledgeAsync(new(said)))).ConfigureAwait(false);

    private ICampaignGrain Campaign(CampaignId id) => grains.GetGrain<ICampaignGrain>(id.ToString());

    private static async ValueTask<object> DoneAsync(ValueTask call)
    {
        await call.ConfigureAwait(false);
        return true;
    }

    private async ValueTask<TResult?> TryAsync<TCall, TResult>(TCall call, Func<TCall, ValueTask<TResult>> send)
        where TResult : class? => (await AllAsync([call], send).ConfigureAwait(false))[0];

    /// <summary>Calls with bounded fan-out; results stand where their calls do.</summary>
    private async ValueTask<TResult?[]> AllAsync<TCall, TResult>(IReadOnlyList<TCall> calls, Func<TCall, ValueTask<TResult>> send)
        where TResult : class?
    {
        var results = new TResult?[calls.Count];
        var next = -1;
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Parallel, calls.Count)).Select(_ => WorkAsync())).ConfigureAwait(false);
        if (failed > 0) NotAcknowledged(failed, typeof(TCall).Name);
        return results;

        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < calls.Count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    results[i] = await send(calls[i]).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    if (Interlocked.Increment(ref failed) == 1) CallFailed(e, typeof(TCall).Name);
                }
            }
        }
    }

    [LoggerMessage(1200, LogLevel.Warning, "A correlation message of kind {Kind} failed; it is sent again at the next end of an epoch")]
    private partial void CallFailed(Exception exception, string kind);

    [LoggerMessage(1201, LogLevel.Warning, "{Count} correlation messages of kind {Kind} were not acknowledged")]
    private partial void NotAcknowledged(int count, string kind);
}
