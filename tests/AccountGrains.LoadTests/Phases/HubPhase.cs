using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Targets;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Phases;

/// <summary>
/// What becomes of everybody's latency while accounts without number share one address, one client and one template. Both rates are the same with and
/// without: the accounts are as many and as new, and only share nothing.
/// </summary>
internal sealed class HubPhase : IPhase
{
    public string Name => "hub";

    public string Question => "Does one address, client and template of many accounts slow the others down?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        await Warmth.TouchAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        var rate = await KneePhase.RateAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        if (KneePhase.IsMissing(run, Name, rate)) return;
        var count = run.ShotsAt(rate, run.Options.Slice);
        var attackers = Math.Max(1, count / 2);
        var first = run.NextNewAccount;
        run.NextNewAccount += 2 * attackers;
        await TouchAsync(run, run.Traffic.Each(first, attackers), cancellationToken).ConfigureAwait(false);
        await TouchAsync(run, run.Traffic.Hub(first + attackers, attackers), cancellationToken).ConfigureAwait(false);

        var ratios = new List<double>();
        for (var i = 0; i < run.Options.Repeats; i++)
        {
            var without = await MixedAsync(run, "without hub", rate, count, run.Traffic.Each(first, attackers), cancellationToken).ConfigureAwait(false);
            run.Reports?.Clear();
            var with = await MixedAsync(run, Name, rate, count, run.Traffic.Hub(first + attackers, attackers), cancellationToken).ConfigureAwait(false);
            ratios.Add(with / without);
        }

        if (run.Reports is { } reports) run.Find("hub: calls a second to the fingerprint that got most", reports.Most / run.Measurements[^1].Seconds, 10, atLeast: false);
        else run.NotMeasured.Add("calls to the hub's fingerprint: they are seen with the target hosted only");
        run.Find("hub: others' p99 with a hub against without, median", Wanted.Median(ratios), 1.2, atLeast: false);
    }

    private static async Task TouchAsync(LoadRun run, Shot[] shots, CancellationToken cancellationToken)
    {
        run.Tracker.Load(shots);
        await run.Bench.SaturateAsync(run.Tracker, "touch", shots.Length, run.Options.InFlight, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every second call is an attacker's; the latency is that of the others.</summary>
    private static async Task<double> MixedAsync(LoadRun run, string phase, double rate, int count, Shot[] attackers, CancellationToken cancellationToken)
    {
        var shots = run.Traffic.Next(count);
        for (var i = 0; i < attackers.Length && (2 * i) + 1 < count; i++) shots[(2 * i) + 1] = attackers[i];
        var others = new SomeOnly(run.Tracker, (shot, _) => shot % 2 == 0);
        await run.OfferAsync(others, phase, rate, shots, cancellationToken).ConfigureAwait(false);
        return others.Latency.P99;
    }
}
