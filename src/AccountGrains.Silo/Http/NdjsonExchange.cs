using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Silo.Http;

/// <summary>
/// Observations line by line, answered line by line in their order. A bounded number is in flight; those of one account are passed on one after the
/// other, so that they are worked in their order.
/// </summary>
internal sealed class NdjsonExchange(FrontDoor door, HttpContext http)
{
    private const int InFlight = 256;
    private static readonly byte[] LineEnd = [(byte)'\n'];
    private readonly Channel<Task<LineAnswer>> _answers = Channel.CreateBounded<Task<LineAnswer>>(InFlight - 1);
    private readonly Dictionary<AccountId, Task<VerdictReply?>> _last = [];
    private bool _cutShort;

    /// <summary>Reads all lines and answers them.</summary>
    public async Task RunAsync()
    {
        http.Response.ContentType = "application/x-ndjson";
        var writing = WriteAsync();
        try
        {
            await ReadAsync().ConfigureAwait(false);
            _answers.Writer.Complete();
        }
        catch (Exception e)
        {
            _answers.Writer.Complete(e);
        }

        await writing.ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        var lines = new LineReader(http.Request.BodyReader);
        var (taken, blank) = (0, 0);
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, http.RequestAborted);
        while (await NextAsync(lines, stopping, either.Token).ConfigureAwait(false) is { } line)
        {
            taken = line.Number;
            if (line.IsBlank)
            {
                blank++;
                continue;
            }

            // Blank lines at the end are no mistake; those between others are.
            for (; blank > 0; blank--) await AddAsync(LineAnswer.Of(line.Number - blank, Problems.BlankLine)).ConfigureAwait(false);
            await _answers.Writer.WriteAsync(Answer(line), http.RequestAborted).ConfigureAwait(false);
        }

        // Whoever still sends must not take the end of the answers for the end of the work.
        if (_cutShort) await AddAsync(LineAnswer.Of(taken + 1, Problems.Stopping)).ConfigureAwait(false);
    }

    /// <summary>The next line; null at the end, and when the process stops: then what is in flight is answered, and no more is taken in.</summary>
    private async ValueTask<BodyLine?> NextAsync(LineReader lines, CancellationToken stopping, CancellationToken either)
    {
        try
        {
            await door.GiveWayAsync(either).ConfigureAwait(false);
            return await lines.ReadAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            _cutShort = true;
            return null;
        }
    }

    private ValueTask AddAsync(LineAnswer answer) => _answers.Writer.WriteAsync(Task.FromResult(answer), http.RequestAborted);

    private Task<LineAnswer> Answer(BodyLine line)
    {
        if (line.TooLong) return Task.FromResult(LineAnswer.Of(line.Number, Problems.TooLarge));
        if (!door.TryRead(line.Bytes, out var arrival, out var error)) return Task.FromResult(LineAnswer.Of(line.Number, error));
        return VerdictAsync(arrival, Pass(arrival));
    }

    private async Task<LineAnswer> VerdictAsync(Arrival arrival, Task<VerdictReply?> passed) =>
        new(await door.AnswerAsync(arrival, new ValueTask<VerdictReply?>(passed)).ConfigureAwait(false), null);

    /// <summary>Passes an observation on once the account's previous one is done with.</summary>
    private Task<VerdictReply?> Pass(Arrival arrival)
    {
        var account = arrival.Input.Account;
        var call = _last.TryGetValue(account, out var previous) && !previous.IsCompleted ? AfterAsync(previous, arrival) : door.PassAsync(arrival).AsTask();
        if (_last.Count >= 2 * InFlight) Forget();
        _last[account] = call;
        return call;
    }

    private async Task<VerdictReply?> AfterAsync(Task previous, Arrival arrival)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await door.PassAsync(arrival).ConfigureAwait(false);
    }

    private void Forget()
    {
        foreach (var (account, call) in _last)
        {
            if (call.IsCompleted) _last.Remove(account);
        }
    }

    private async Task WriteAsync()
    {
        var answers = _answers.Reader;
        while (await answers.WaitToReadAsync(http.RequestAborted).ConfigureAwait(false))
        {
            while (answers.TryRead(out var answer))
            {
                // Flushed before every wait, so that whoever waits for an answer before sending on gets it.
                if (!answer.IsCompleted) await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
                Write(await answer.ConfigureAwait(false));
                if (http.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 16_384 }) await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
            }

            await http.Response.BodyWriter.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }
    }

    private void Write(in LineAnswer answer)
    {
        using (var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { Encoder = Json.Line.Encoder, SkipValidation = true }))
        {
            if (answer.Verdict is { } verdict) JsonSerializer.Serialize(json, verdict, Json.Line);
            else JsonSerializer.Serialize(json, answer.Error, Json.Line);
        }

        http.Response.BodyWriter.Write(LineEnd);
    }
}
