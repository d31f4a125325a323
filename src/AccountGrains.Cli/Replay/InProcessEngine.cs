using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>The tracker's own engine, without Orleans.</summary>
internal sealed class InProcessEngine(Policy policy, TimeSpan epochLength) : IReplayEngine
{
    private readonly Engine _engine = new(policy, (long)epochLength.TotalMilliseconds, each: (count, work) => Parallel.For(0, count, work));
    private readonly List<Decision> _decisions = [];
    private long _duplicates;

    public ReplayMessages Messages
    {
        get
        {
            var counts = _engine.Counts;
            return new(
                [("reports to fingerprints", counts.Reports), ("popularity", counts.Popularity), ("campaigns", counts.Campaigns), ("index", counts.Index), ("notices to accounts", counts.Notices)],
                counts.Total);
        }
    }

    public ValueTask ObserveAsync(AccountInput input, CancellationToken cancellationToken)
    {
        if (_engine.Observe(input, _decisions).Duplicate) _duplicates++;
        return ValueTask.CompletedTask;
    }

    public ValueTask<ReplayResult> FinishAsync(CancellationToken cancellationToken)
    {
        _engine.Close(_decisions);
        var verdicts = _engine.Accounts.Values.GroupBy(a => a.Verdict).ToDictionary(g => g.Key, g => g.Count());
        return new(new ReplayResult(_duplicates, verdicts, _decisions, Items(_engine.Campaigns.Values, policy)));
    }

    /// <summary>The campaigns that are left, by score.</summary>
    public static IReadOnlyList<CampaignItem> Items(IEnumerable<Campaign> campaigns, Policy policy) => [.. campaigns
        .Where(c => c.Status is not (CampaignStatus.Closed or CampaignStatus.Merged))
        .OrderByDescending(c => c.Score).ThenBy(c => c.Id)
        .Select(c => CampaignItem.Of(c, policy, withMembers: true))];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
