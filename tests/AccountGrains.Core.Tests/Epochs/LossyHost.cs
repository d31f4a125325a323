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
internal sealed class LossyHost(IEpochHost inner, Func<string, Fate> fateOf) : IEpochHost
{
    public int Lost { get; private set; }

    /// <summary>Loses a share of all messages, seeded: half of the lost ones on their way there, half of their answers on the way back.</summary>
    public static LossyHost Losing(double share, int seed, IEpochHost inner)
    {
        var random = new Random(seed);
        return new LossyHost(inner, _ => random.NextDouble() >= share ? Fate.Arrives : random.Next(2) == 0 ? Fate.LostThere : Fate.LostBack);
    }

    public ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, Policy policy) =>
        EachAsync(calls, sent => inner.ReportAsync(sent, policy));

    public ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints) => EachAsync(fingerprints, inner.PopularityAsync);

    public async ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end)
    {
        var fate = Next();
        if (fate == Fate.LostThere) return null;
        var placements = await inner.PlaceAsync(proposals, end);
        return fate == Fate.LostBack ? null : placements;
    }

    public ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, Policy policy) =>
        EachAsync(calls, sent => inner.CloseAsync(sent, popularity, policy));

    public ValueTask<bool> AdoptAsync(Campaign part) => inner.AdoptAsync(part);

    public ValueTask<IReadOnlyList<Merger>?> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end) => inner.UpdateAsync(outcomes, end);

    public ValueTask<MergerOutcome?> MergeAsync(Merger merger, long end, PopulationView population, Policy policy) => inner.MergeAsync(merger, end, population, policy);

    public ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)?> SweepAsync(long end, Policy policy) => inner.SweepAsync(end, policy);

    public ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns) => inner.DissolveAsync(campaigns);

    public void Publish(Snapshot snapshot) => inner.Publish(snapshot);

    public ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls) => EachAsync(calls, inner.TellAsync);

    public ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies) =>
        Next() == Fate.LostThere ? ValueTask.CompletedTask : inner.AcknowledgeAsync(campaign, replies);

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
