using System.Diagnostics;
using AccountGrains.Core.Door;

namespace AccountGrains.Cli.Replay;

/// <summary>Reads a file of recorded observations, feeds an engine and writes what came of it.</summary>
internal static class ReplayRun
{
    private const int ProgressEvery = 1000;

    public static async Task<ReplaySummary> RunAsync(string input, IReplayEngine engine, DoorContext door, ReplayOutput output, TimeSpan epochLength, Action<double, long>? progress, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        long lines = 0, rejected = 0;
        var reader = new LineReader(input);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                lines++;
                if (ObservationReader.TryRead(reader.Line.Span, door, out var observation, out var error))
                {
                    await engine.ObserveAsync(observation, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    rejected++;
                    await output.RejectAsync(lines, error).ConfigureAwait(false);
                }

                if (progress is not null && lines % ProgressEvery == 0) progress(reader.Progress, lines);
            }
        }

        var result = await engine.FinishAsync(cancellationToken).ConfigureAwait(false);
        progress?.Invoke(1, lines);
        var summary = ReplayOutput.Summarise(result, lines, rejected, clock.Elapsed, epochLength);
        await output.WriteAsync(result, summary).ConfigureAwait(false);
        return summary;
    }
}
