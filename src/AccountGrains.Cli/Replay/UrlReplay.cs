using System.Diagnostics;
using AccountGrains.Cli.Management;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>Feeds a file's lines, as they are, to a running server, closes its epochs in event time, and collects what it found.</summary>
internal sealed class UrlReplay(ManagementClient server, DoorContext door, ReplayOutput output, TimeSpan epochLength, Action<string> warn)
{
    private readonly UrlBatch _batch = new(server);
    private readonly UrlEpochs _epochs = new(server, warn);
    private readonly long _epochMilliseconds = (long)epochLength.TotalMilliseconds;
    private long? _epoch;
    private long _rejected;

    public async Task<ReplayReport> RunAsync(string input, Action<double, long>? progress, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var lines = 0L;
        var reader = new LineReader(input);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                lines++;
                // The server judges every line; here it is read for its time alone.
                if (ObservationReader.TryRead(reader.Line.Span, door, out var observation, out _)) await MoveToAsync(observation.Time, cancellationToken).ConfigureAwait(false);
                _batch.Add(reader.Line.Span);
                if (_batch.IsFull) await SendAsync(cancellationToken).ConfigureAwait(false);
                if (lines % ReplayRun.ProgressEvery == 0) progress?.Invoke(reader.Progress, lines);
            }
        }

        await CloseAsync(cancellationToken).ConfigureAwait(false);
        var findings = await UrlFindings.CollectAsync(server, _batch, cancellationToken).ConfigureAwait(false);
        progress?.Invoke(1, lines);
        if (_batch.Duplicates > 0) warn($"The server had seen {_batch.Duplicates} of these observations before: what it found is not what this trace alone shows. Only an empty store repeats a replay.");
        if (_batch.NotLive > 0) warn($"{_batch.NotLive} answers were not live: the server could not keep up, and the replay is not to be relied on.");
        var summary = ReplaySummary.Of(findings, null, lines, _rejected, clock.Elapsed, epochLength);
        await output.WriteAsync(findings, summary).ConfigureAwait(false);
        return new ReplayReport(summary, findings, ReplayMessages.None, new ReplayFaults(_epochs.Resent, 0, 0));
    }

    private async Task MoveToAsync(long time, CancellationToken cancellationToken)
    {
        var epoch = Epoch.Of(time, _epochMilliseconds);
        if (_epoch is { } current && epoch <= current) return;
        // A server that closes its epochs itself gets full batches.
        if (_epochs.AreOurs) await CloseAsync(cancellationToken).ConfigureAwait(false);
        _epoch = epoch;
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken).ConfigureAwait(false);
        if (_epoch is { } current) await _epochs.CloseAsync(Json.Time(Epoch.EndOf(current, _epochMilliseconds)), cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        foreach (var reject in await _batch.SendAsync(cancellationToken).ConfigureAwait(false))
        {
            _rejected++;
            await output.RejectAsync(reject).ConfigureAwait(false);
        }
    }
}
