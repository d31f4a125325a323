using System.Collections.Concurrent;
using System.Threading.Channels;
using AccountGrains.Core.Door;

namespace AccountGrains.Cli.Replay;

/// <summary>Reads the lines of a file ahead of whoever works them, on the other cores, and hands them out in their order.</summary>
internal sealed class ParallelReader(string path, DoorContext door)
{
    private readonly Channel<Task<LineBatch>> _ahead = Channel.CreateBounded<Task<LineBatch>>(new BoundedChannelOptions(2 * Environment.ProcessorCount) { SingleReader = true, SingleWriter = true });

    // Those that were worked, to be filled again.
    private readonly ConcurrentQueue<LineBatch> _spare = new();

    /// <summary>The lines of the file, some at a time; what is handed out is good until the next is asked for.</summary>
    public async IAsyncEnumerable<LineBatch> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var filling = Task.Run(() => FillAsync(stop.Token), stop.Token);
        try
        {
            await foreach (var reading in _ahead.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                var batch = await reading.ConfigureAwait(false);
                yield return batch;
                _spare.Enqueue(batch);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await filling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await FillFromFileAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        _ahead.Writer.Complete(failure);
    }

    private async Task FillFromFileAsync(CancellationToken cancellationToken)
    {
        var reader = new LineReader(path);
        await using (reader.ConfigureAwait(false))
        {
            var number = 1L;
            var batch = Empty(number);
            for (; await reader.NextAsync(cancellationToken).ConfigureAwait(false); number++)
            {
                if (batch.TryAdd(reader.Line.Span)) continue;
                await PassAsync(batch, reader.Progress, cancellationToken).ConfigureAwait(false);
                batch = Empty(number);
                batch.TryAdd(reader.Line.Span);
            }

            await PassAsync(batch, reader.Progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private LineBatch Empty(long firstLine) => (_spare.TryDequeue(out var spare) ? spare : new LineBatch()).StartAt(firstLine);

    private ValueTask PassAsync(LineBatch batch, double progress, CancellationToken cancellationToken)
    {
        batch.Progress = progress;
        return _ahead.Writer.WriteAsync(Task.Run(() => batch.Read(door), cancellationToken), cancellationToken);
    }
}
