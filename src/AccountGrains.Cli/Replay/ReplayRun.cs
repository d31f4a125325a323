using System.Diagnostics;
using AccountGrains.Core.Door;

namespace AccountGrains.Cli.Replay;

/// <summary>Reads a file of recorded observations, feeds an engine and writes what came of it.</summary>
internal static class ReplayRun
{
    /// <summary>The number of lines after which progress is told.</summary>
    public const int ProgressEvery = 1000;

    public static async Task<ReplayReport> RunAsync(string input, IReplayEngine engine, DoorContext door, ReplayOutput output, TimeSpan epochLength, ReplayFindings? standard, Action<double, long>? progress, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        long lines = 0, rejected = 0, inEngine = 0;
        await foreach (var batch in new ParallelReader(input, door).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (batch.TryGet(i, out var observation, out var error))
                {
                    var before = Stopwatch.GetTimestamp();
                    await engine.ObserveAsync(observation, cancellationToken).ConfigureAwait(false);
                    inEngine += Stopwatch.GetTimestamp() - before;
                }
                else
                {
                    rejected++;
                    await output.RejectAsync(new Reject(batch.NumberOf(i), error.Field, error.Rule)).ConfigureAwait(false);
                }

                if (++lines % ProgressEvery == 0) progress?.Invoke(batch.Progress, lines);
            }
        }

        var finishing = Stopwatch.GetTimestamp();
        var result = await engine.FinishAsync(cancellationToken).ConfigureAwait(false);
        inEngine += Stopwatch.GetTimestamp() - finishing;
        var findings = ReplayFindings.Of(result);
        progress?.Invoke(1, lines);
        var summary = ReplaySummary.Of(findings, standard, lines, rejected, clock.Elapsed, epochLength);
        await output.WriteAsync(findings, summary).ConfigureAwait(false);
        return new ReplayReport(summary, findings, engine.Messages, result.Faults) { Engine = Stopwatch.GetElapsedTime(0, inEngine) };
    }
}
