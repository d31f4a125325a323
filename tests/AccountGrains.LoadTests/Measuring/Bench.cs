using System.Diagnostics;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>Runs a load and says what it came to.</summary>
/// <param name="processes">The processes that take part.</param>
internal sealed class Bench(IReadOnlyList<IObservedProcess> processes)
{
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMinutes(1);
    private static readonly string[] Waiting = ["accountgrains.reports.depth", "accountgrains.unflushed.count"];
    private static readonly string[] Cumulative = ["accountgrains.messages", "accountgrains.storage", "accountgrains.reports.dropped", "accountgrains.epoch.dropped", "accountgrains.epoch.unacknowledged", "messages-sent"];

    /// <summary>All callers send as fast as they are answered.</summary>
    public Task<Measured> SaturateAsync(ITarget target, string phase, int shots, int inFlight, TimeSpan limit, CancellationToken cancellationToken) =>
        MeasureAsync(target, phase, null, tally => new ClosedLoop(target, tally, inFlight).RunAsync(shots, limit, cancellationToken));

    /// <summary>Calls are sent at a fixed rate, whether they are answered or not.</summary>
    public Task<Measured> OfferAsync(ITarget target, string phase, int shots, double rate, CancellationToken cancellationToken) =>
        MeasureAsync(target, phase, rate, tally => new OpenLoop(target, tally, rate).RunAsync(shots, cancellationToken));

    private async Task<Measured> MeasureAsync(ITarget target, string phase, double? offered, Func<Tally, Task> load)
    {
        AgeWhatWasMade();
        var tally = new Tally();
        var counters = await CountersAsync().ConfigureAwait(false);
        var before = await SamplesAsync().ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        await load(tally).ConfigureAwait(false);
        var elapsed = clock.Elapsed;
        var after = await SamplesAsync().ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        var settled = await SamplesAsync().ConfigureAwait(false);
        var calls = tally.Accepted;
        return new Measured
        {
            Target = target.Name,
            Phase = phase,
            Seconds = elapsed.TotalSeconds,
            Offered = offered,
            Achieved = calls / elapsed.TotalSeconds,
            Latency = tally.Latency,
            Live = tally.Live,
            Late = tally.Late,
            Answers = tally.ByKind,
            Processes = [.. processes.Select((p, i) => after[i].Since(before[i], settled[i], p.Name, elapsed, calls))],
            PerObservation = Difference(counters, await CountersAsync().ConfigureAwait(false), calls),
        };
    }

    /// <summary>
    /// Observations made beforehand live as long as a measurement, which those of a front end do not: unless they are old when it begins, the first collections in it move
    /// hundreds of megabytes of them, and every call waits for that, whatever it calls. Each collection makes what it finds one generation older.
    /// </summary>
    private static void AgeWhatWasMade()
    {
        for (var generation = 0; generation < GC.MaxGeneration; generation++) GC.Collect();
    }

    /// <summary>Waits until the tracker has worked off what it does behind the calls, so that the next measurement does not pay for it.</summary>
    private async Task SettleAsync()
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (clock.Elapsed < LongestSettling && (await CountersAsync().ConfigureAwait(false)).Any(c => c.Value > 0 && Waiting.Contains(c.Key))) await timer.WaitForNextTickAsync().ConfigureAwait(false);
    }

    private async Task<ProcessSample[]> SamplesAsync()
    {
        var samples = new ProcessSample[processes.Count];
        for (var i = 0; i < samples.Length; i++) samples[i] = await processes[i].SampleAsync().ConfigureAwait(false);
        return samples;
    }

    private async Task<Dictionary<string, double>> CountersAsync()
    {
        var sums = new Dictionary<string, double>();
        foreach (var process in processes)
        {
            foreach (var (name, value) in await process.CountersAsync().ConfigureAwait(false)) sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return sums;
    }

    /// <summary>What grew, for each call; what stands, such as the number of activations, as it is at the end.</summary>
    private static SortedDictionary<string, double> Difference(Dictionary<string, double> before, Dictionary<string, double> after, long calls)
    {
        var result = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in after)
        {
            if (Cumulative.Any(name.StartsWith)) result[name] = (value - before.GetValueOrDefault(name)) / Math.Max(1, calls);
            else result[name] = value;
        }

        return result;
    }
}
