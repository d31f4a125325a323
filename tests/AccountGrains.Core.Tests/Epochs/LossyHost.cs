using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>Loses a share of all messages, seeded: half of the lost ones on their way there, half of their answers on the way back.</summary>
internal sealed class LossyHost(IEpochHost inner, double share, int seed) : IEpochHost
{
    private readonly Random _random = new(seed);

    public int Lost { get; private set; }

    private enum Fate { Arrives, LostThere, LostBack }

    public ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, PopulationView population, Policy policy) =>
        EachAsync(calls, sent => inner.ReportAsync(sent, population, policy));

    public ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints) => EachAsync(fingerprints, inner.PopularityAsync);

    public async ValueTask<IReadOnlyList<Placement>?> PlaceAsync(IReadOnlyList<Proposal> proposals, long end) =>
        Next() == Fate.Arrives ? await inner.PlaceAsync(proposals, end) : null;

    public ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, PopulationView population, Policy policy) =>
        EachAsync(calls, sent => inner.CloseAsync(sent, popularity, population, policy));

    public ValueTask AdoptAsync(Campaign part) => inner.AdoptAsync(part);

    public ValueTask<IReadOnlyList<Merger>> UpdateAsync(IReadOnlyList<CampaignOutcome> outcomes, long end) => inner.UpdateAsync(outcomes, end);

    public ValueTask<MergerOutcome> MergeAsync(Merger merger, long end, PopulationView population, Policy policy) => inner.MergeAsync(merger, end, population, policy);

    public ValueTask<(IReadOnlyList<CampaignId> Silent, IReadOnlyList<CampaignId> Surplus)> SweepAsync(long end, Policy policy) => inner.SweepAsync(end, policy);

    public ValueTask<IReadOnlyList<Standing>> DissolveAsync(IReadOnlyList<CampaignId> campaigns) => inner.DissolveAsync(campaigns);

    public void Publish(Snapshot snapshot) => inner.Publish(snapshot);

    public ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls, long end) => EachAsync(calls, sent => inner.TellAsync(sent, end));

    public ValueTask AcknowledgeAsync(CampaignId campaign, IReadOnlyList<JoinReply> replies) =>
        Next() == Fate.LostThere ? ValueTask.CompletedTask : inner.AcknowledgeAsync(campaign, replies);

    private async ValueTask<TAnswer[]> EachAsync<TCall, TAnswer>(IReadOnlyList<TCall> calls, Func<IReadOnlyList<TCall>, ValueTask<TAnswer[]>> send)
    {
        var fates = calls.Select(_ => Next()).ToArray();
        var answers = new Queue<TAnswer>(await send([.. calls.Where((_, i) => fates[i] != Fate.LostThere)]));
        return [.. fates.Select(fate => fate switch
        {
            Fate.LostThere => default!,
            Fate.LostBack when answers.Dequeue() is var _ => default!,
            _ => answers.Dequeue(),
        })];
    }

    private Fate Next()
    {
        if (_random.NextDouble() >= share) return Fate.Arrives;
        Lost++;
        return _random.Next(2) == 0 ? Fate.LostThere : Fate.LostBack;
    }
}
