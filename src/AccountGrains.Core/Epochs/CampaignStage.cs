using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>The part of the end of an epoch that is about campaigns: proposals find their places, campaigns close their epoch, and become one or two.</summary>
internal sealed class CampaignStage(IEpochHost host, IEpochSites sites, EpochCarry carry, EpochCounts counts)
{
    private const long SweepInterval = 3_600_000;

    /// <summary>Works it, and says which signatures changed and which campaigns are gone.</summary>
    public async ValueTask<(List<CampaignSignature> Changed, List<CampaignId> Gone)> CloseAsync(
        IReadOnlyList<Tested> tested, IReadOnlyList<Reported> reported, EpochWork work, Policy policy)
    {
        List<Proposal> proposals = [.. carry.Unplaced, .. tested.SelectMany(t => t.Proposals).OrderBy(p => p.Token)];
        carry.Unplaced.Clear();
        var calls = new CallTable(carry, work);
        if (proposals.Count > 0) await PlaceAsync(proposals, calls, work.End).ConfigureAwait(true);
        foreach (var id in reported.SelectMany(r => r.Campaigns)) calls.Include(id);
        foreach (var id in carry.Owed.Keys.ToList()) calls.Include(id);
        if (work.End - carry.SweptAt >= SweepInterval) await SweepAsync(calls, work.End, policy).ConfigureAwait(true);
        var (changed, gone) = await CampaignsAsync(calls.Take(), work, policy).ConfigureAwait(true);
        gone.AddRange(carry.Dissolved);
        carry.Dissolved.Clear();
        return (changed, gone);
    }

    private async ValueTask PlaceAsync(List<Proposal> proposals, CallTable calls, long end)
    {
        counts.Index++;
        var placements = await host.PlaceAsync(proposals, end).ConfigureAwait(true);
        if (placements is null)
        {
            counts.Resent++;
            carry.Keep(proposals);
        }

        foreach (var placement in placements ?? []) calls.Place(placement);
    }

    private async ValueTask SweepAsync(CallTable calls, long end, Policy policy)
    {
        counts.Index++;
        var sweep = await host.SweepAsync(end, policy).ConfigureAwait(true);
        if (sweep is not null) carry.SweptAt = end;
        var (silent, surplus) = sweep ?? ([], []);
        foreach (var id in silent) calls.Include(id);
        if (surplus.Count > 0) carry.Standings.AddRange(await host.DissolveAsync(surplus).ConfigureAwait(true));
        carry.Dissolved.AddRange(surplus);
        foreach (var id in surplus) calls.Exclude(id);
    }

    private async ValueTask<(List<CampaignSignature> Changed, List<CampaignId> Gone)> CampaignsAsync(IReadOnlyList<CampaignCall> calls, EpochWork work, Policy policy)
    {
        var closed = await sites.CloseAsync(work, calls).ConfigureAwait(true);
        foreach (var site in closed) counts.Add(site.Counts);
        counts.Campaigns += calls.Count;
        var outcomes = closed.SelectMany(c => c.Outcomes).ToDictionary(o => o.Signature.Id);
        foreach (var call in calls)
        {
            carry.Unfounded.Remove(call.Campaign);
            if (!outcomes.TryGetValue(call.Campaign, out var outcome)) carry.Keep(call, call.Campaign);
            else if (!outcome.ForwardTo.IsNone) carry.Keep(call with { Founding = null }, outcome.ForwardTo);
        }

        List<CampaignOutcome> done = [.. closed.SelectMany(c => c.Earlier), .. outcomes.Values.OrderBy(o => o.Signature.Id)];
        await SplitAsync(done).ConfigureAwait(true);
        return done.Count + carry.Unindexed.Count == 0 ? ([], []) : await MergeAsync(done, work, policy).ConfigureAwait(true);
    }

    private async ValueTask SplitAsync(List<CampaignOutcome> done)
    {
        foreach (var part in carry.Parts.ToList()) await AdoptAsync(part).ConfigureAwait(true);
        foreach (var outcome in done)
        {
            carry.Standings.AddRange(outcome.Standings);
            if (outcome.Split is not { } part) continue;
            carry.Parts.Add(part);
            await AdoptAsync(part).ConfigureAwait(true);
        }
    }

    private async ValueTask<(List<CampaignSignature> Changed, List<CampaignId> Gone)> MergeAsync(List<CampaignOutcome> done, EpochWork work, Policy policy)
    {
        counts.Index++;
        var signatures = new Dictionary<CampaignId, CampaignSignature>();
        foreach (var outcome in done) signatures[outcome.Signature.Id] = outcome.Signature;
        var gone = signatures.Values.Where(s => s.Members == 0).Select(s => s.Id).ToList();
        foreach (var merger in await IndexAsync(done, work.End, policy).ConfigureAwait(true))
        {
            counts.Campaigns += 2;
            if (await host.MergeAsync(merger, work.End, work.Population, policy).ConfigureAwait(true) is not { } merged) continue;
            signatures[merger.Into] = merged.Signature;
            gone.Add(merger.From);
            carry.Standings.AddRange(merged.Standings);
        }

        return ([.. signatures.Values.Where(s => !gone.Contains(s.Id)).OrderBy(s => s.Id)], gone);
    }

    /// <summary>Stores a campaign that split off; its members are told only then, and it is tried again at the next epoch's end.</summary>
    private async ValueTask AdoptAsync(Campaign part)
    {
        if (!await host.AdoptAsync(part).ConfigureAwait(true)) return;
        carry.Parts.Remove(part);
        carry.Standings.AddRange(part.MembersAfter(null).Select(m => new Standing(m.Account, part.SplitFrom, StandingChange.Moved, false, part.Id)));
    }

    private async ValueTask<IReadOnlyList<Merger>> IndexAsync(List<CampaignOutcome> done, long end, Policy policy)
    {
        List<CampaignOutcome> outcomes = [.. carry.Unindexed, .. done];
        var mergers = await host.UpdateAsync(outcomes, end, policy).ConfigureAwait(true);
        carry.Unindexed.Clear();
        if (mergers is not null) return mergers;
        counts.Resent++;
        carry.Keep(outcomes);
        return [];
    }
}
