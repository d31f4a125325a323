using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Traffic;

namespace AccountGrains.LoadTests.Phases;

/// <summary>What becomes of known accounts' latency while every tenth request comes from an account that was never seen before and never will be again.</summary>
internal sealed class ChurnPhase : IPhase
{
    private const int EveryNew = 10;

    public string Name => "churn";

    public string Question => "What does a tenth of one-time accounts do to latency at half the knee?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        await Warmth.TouchAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        var rate = await KneePhase.OfAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false) / 2;
        if (KneePhase.IsMissing(run, Name, rate)) return;
        var first = run.NextNewAccount;
        var before = await run.OfferAsync(run.Tracker, "before churn", rate, cancellationToken).ConfigureAwait(false);
        var during = new List<Measured>();
        for (var i = 0; i < run.Options.Repeats; i++)
        {
            // Made for each: requests of many minutes at once would be more memory than what they are to measure.
            var shots = run.Traffic.Next(run.ShotsAt(rate, run.Options.Slice));
            Mix(run, shots);
            during.Add(await run.OfferAsync(run.Tracker, Name, rate, shots, cancellationToken).ConfigureAwait(false));
        }

        run.Find("churn: p99 with one-time accounts against without, median", Wanted.Median(during.Select(m => m.Latency.P99 / before.Latency.P99)));
        run.Find("churn: one-time accounts so far", run.NextNewAccount - first);
        run.Find("churn: MiB of all processes after the last against after the first", during[^1].Processes.Sum(p => p.ResidentMebibytes) / during[0].Processes.Sum(p => p.ResidentMebibytes));
    }

    private static void Mix(LoadRun run, Shot[] shots)
    {
        var added = run.Traffic.Each(run.NextNewAccount, shots.Length / EveryNew);
        run.NextNewAccount += added.Length;
        for (var i = 0; i < added.Length; i++) shots[i * EveryNew] = added[i];
    }
}
