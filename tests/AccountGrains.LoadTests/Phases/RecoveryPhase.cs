using AccountGrains.LoadTests.Runs;

namespace AccountGrains.LoadTests.Phases;

/// <summary>What overload does: twice the knee, and then half of it again; through the door where that is here, since it is what bounds it.</summary>
internal sealed class RecoveryPhase : IPhase
{
    public string Name => "recovery";

    public string Question => "What does twice the knee do, and is everything as before afterwards?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        var target = run.Door ?? run.Tracker;

        // Where the door is in this process not through it, since it would not pass all of them on.
        await Warmth.TouchAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        var half = await KneePhase.RateAsync(run, target, cancellationToken).ConfigureAwait(false);
        if (KneePhase.IsMissing(run, Name, half)) return;
        var before = await run.OfferAsync(target, "half the knee", half, cancellationToken).ConfigureAwait(false);
        var at = await run.OfferAsync(target, "at the knee", 2 * half, cancellationToken).ConfigureAwait(false);
        var over = await run.OfferAsync(target, "overload", 4 * half, cancellationToken).ConfigureAwait(false);
        var after = await run.OfferAsync(target, Name, half, cancellationToken).ConfigureAwait(false);
        run.Find("recovery: p99 of calls that their account answered at twice the knee against at the knee", over.Live.P99 / at.Live.P99, 3, atLeast: false);
        run.Find("recovery: p99 of all calls at twice the knee against at the knee", over.Latency.P99 / at.Latency.P99);
        run.Find("recovery: answered share at twice the knee", over.Achieved / over.Offered!.Value);
        run.Find("recovery: share answered by the account at twice the knee", Knee.LiveShare(over));
        run.Find("recovery: p99 afterwards against before", after.Latency.P99 / before.Latency.P99);
        run.Find("recovery: MiB of all processes at twice the knee against at the knee", over.Processes.Sum(p => p.ResidentMebibytes) / at.Processes.Sum(p => p.ResidentMebibytes));
    }
}
