using System.Runtime.CompilerServices;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>What becomes of a message.</summary>
public enum Fate
{
    Arrives,
    LostThere,

    /// <summary>It arrives, and its answer does not.</summary>
    LostBack,
}

/// <summary>A host that loses messages, as a function of the method's name says.</summary>
internal sealed class LossyHost(Func<string, Fate> fateOf) : IEpochHost, ISiteHost, IEngineFaults
{
    private IEpochHost _epoch = null!;
    private ISiteHost _site = null!;

    public int Lost { get; private set; }

    /// <summary>Loses a share of all messages, seeded: half of the lost ones on their way there, half of their answers on the way back.</summary>
    public static LossyHost Losing(double share, int seed)
    {
        var random = new Random(seed);
        return new LossyHost(_ => random.NextDouble() >= share ? Fate.Arrives : random.Next(2) == 0 ? Fate.LostThere : Fate.LostBack);
    }

    public ISiteHost Before(ISiteHost host)
    {
        _site = host;
        return this;
    }

    public IEpochHost Before(IEpochHost host)
    {
        _epoch = host;
        return this;
    }

    public ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, Policy policy) =>
        EachAsync(calls, sent => _site.ReportAsync(sent, policy));

    public ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints) => EachAsync(fingerprints, _site.PopularityAsync);

    public async ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end)
    {
        var fate = Next();
        if (fate == Fate.LostThere) return null;
        var placements = await _epoch.PlaceAsync(proposals, end);
        return fate == Fate.LostBack ? null : placements;
    }

    public ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, Policy policy) =>
        EachAsync(calls, sent => _site.CloseAsync(sent, popularity, policy));

    public ValueTask<bool> AdoptAsync(Campaign part) => _epoch.AdoptAsync(part);

    public ValueTask<IReadOnlyList<Merger>?> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end, Policy policy) => _epoch.UpdateAsync(outcomes, end, policy);

    public ValueTask<MergerOutcome?> MergeAsync(Merger merger, long end, PopulationView population, Policy policy) => _epoch.MergeAsync(merger, end, population, policy);

    public ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)?> SweepAsync(long end, Policy policy) => _epoch.SweepAsync(end, policy);

    public ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns) => _epoch.DissolveAsync(campaigns);

    public ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls) => EachAsync(calls, _epoch.TellAsync);

    public ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies) =>
        Next() == Fate.LostThere ? ValueTask.CompletedTask : _epoch.AcknowledgeAsync(campaign, replies);

    private async ValueTask<TAnswer[]> EachAsync<TCall, TAnswer>(IReadOnlyList<TCall> calls, Func<IReadOnlyList<TCall>, ValueTask<TAnswer[]>> send, [CallerMemberName] string method = "")
    {
        var fates = calls.Select(_ => Next(method)).ToArray();
        var answers = new Queue<TAnswer>(await send([.. calls.Where((_, i) => fates[i] != Fate.LostThere)]));
        return [.. fates.Select(fate => fate switch
        {
            Fate.LostThere => default!,
            Fate.LostBack when answers.Dequeue() is var _ => default!,
            _ => answers.Dequeue(),
        })];
    }

    private Fate Next([CallerMemberName] string method = "")
    {
        var fate = fateOf(method);
        if (fate != Fate.Arrives) Lost++;
        return fate;
    }
}
