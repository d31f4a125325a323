using AccountGrains.Core;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Phases;

/// <summary>
/// What becomes of known accounts while a share of the requests comes from accounts that were never seen before and never will be again: of their latency, and of what is known of them.
/// </summary>
internal sealed class ChurnPhase : IPhase
{
    private const int Asked = 1_000;

    public string Name => "churn";

    public string Question => "What do one-time accounts do to the latency, and to the history, of those that are known?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        await Warmth.TouchAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        var rate = await KneePhase.RateAsync(run, run.Tracker, cancellationToken).ConfigureAwait(false);
        if (KneePhase.IsMissing(run, Name, rate)) return;
        var first = run.NextNewAccount;
        var (before, _) = await KnownAsync(run, "before churn", rate, share: 0, [], cancellationToken).ConfigureAwait(false);
        var expected = await HistoryAsync(run, cancellationToken).ConfigureAwait(false);
        var tails = new List<double>();
        var during = new List<Measured>();
        for (var i = 0; i < run.Options.Repeats; i++)
        {
            var (tail, measured) = await KnownAsync(run, Name, rate, run.Options.OneTime, expected, cancellationToken).ConfigureAwait(false);
            tails.Add(tail);
            during.Add(measured);
        }

        run.Find("churn: known accounts' p99 with one-time accounts against without, median", Wanted.Median(tails.Select(t => t / before)));
        run.Find("churn: one-time accounts", run.NextNewAccount - first);
        run.Find("churn: MiB of all processes after the last against after the first", during[^1].Processes.Sum(p => p.ResidentMebibytes) / during[0].Processes.Sum(p => p.ResidentMebibytes));
        run.Find("churn: the most MiB of all processes", during.Max(m => m.Processes.Sum(p => p.ResidentMebibytes)));
        if (expected.Length == 0)
        {
            run.NotMeasured.Add("churn: what known accounts still know: it is asked of grains only");
            return;
        }

        var counted = await HistoryAsync(run, cancellationToken).ConfigureAwait(false);
        run.Find($"churn: of {counted.Length} known accounts, those that count all that was answered", counted.Zip(expected, (now, answered) => now >= answered).Count(holds => holds) / (double)counted.Length, 1);
    }

    /// <summary>
    /// Sends requests at a rate, a share of which is from one-time accounts; the 99th percentile of the others. Made for each measurement: requests of many minutes at once would be more memory
    /// than what they are to measure.
    /// </summary>
    private static async Task<(double Tail, Measured Measured)> KnownAsync(LoadRun run, string phase, double rate, double share, long[] expected, CancellationToken cancellationToken)
    {
        var shots = run.Traffic.Next(run.ShotsAt(rate, run.Options.Slice));
        var added = run.Traffic.Each(run.NextNewAccount, (int)(shots.Length * share));
        run.NextNewAccount += added.Length;
        for (var i = 0; i < added.Length; i++) shots[(int)(i / share)] = added[i];
        var known = new SomeOnly(run.Tracker, (shot, answer) =>
        {
            var account = shots[shot].Account;
            if (account < expected.Length && answer == Answer.Live) Interlocked.Increment(ref expected[account]);
            return account < run.Options.Traffic.Accounts;
        });
        var measured = await run.OfferAsync(known, phase, rate, shots, cancellationToken).ConfigureAwait(false);
        return (known.Latency.P99, measured);
    }

    /// <summary>How many requests the first of the known accounts count; none where it cannot be asked.</summary>
    private static async Task<long[]> HistoryAsync(LoadRun run, CancellationToken cancellationToken)
    {
        if (run.Tracker is not GrainTarget grains) return [];
        var counted = new long[Math.Min(Asked, run.Options.Traffic.Accounts)];
        AccountId[] accounts = [.. run.Traffic.Each(0, counted.Length).Select(s => s.Input.Account)];
        await Parallel.ForAsync(0, counted.Length, cancellationToken, async (i, _) => counted[i] = await grains.RequestsOfAsync(accounts[i]).ConfigureAwait(false)).ConfigureAwait(false);
        return counted;
    }
}
