using Azure;
using Orleans.Persistence.AzureStorage;

namespace Orleans.Storage;

/// <summary>What is stored of a record.</summary>
/// <param name="ETag">Its ETag; null when there is none.</param>
/// <param name="Print">Tells its payload.</param>
internal readonly record struct StoredRecord(string? ETag, UInt128 Print);

/// <summary>One write of a record.</summary>
/// <param name="Record">Names the record.</param>
/// <param name="ETag">The ETag that is expected; null when no record is.</param>
/// <param name="Print">Tells what is there afterwards.</param>
/// <param name="Send">Sends the write, which expects the ETag that it is given, and gives the new one; null when the record is gone.</param>
/// <param name="Look">Looks what is stored.</param>
internal readonly record struct ConditionalWrite(
    string Record,
    string? ETag,
    UInt128 Print,
    Func<string?, CancellationToken, Task<string?>> Send,
    Func<CancellationToken, Task<StoredRecord>> Look);

/// <summary>
/// Writes records that nobody else changed meanwhile. A write that was tried again, or that failed without an answer, may have landed: a conflict is looked
/// into then, and when the stored payload is our own it is none.
/// </summary>
internal sealed class ConditionalWrites(string store, StoreCalls calls, StoreMetrics metrics)
{
    private const int MostUnsettled = 20_000;

    private readonly UnsettledWrites _unsettled = new(MostUnsettled);

    /// <summary>Writes; gives the record's ETag from now on, and throws the service's answer when there is a conflict.</summary>
    public async Task<string?> RunAsync(string operation, ConditionalWrite write, CancellationToken cancellationToken)
    {
        var expected = write.ETag;
        var tries = 0;
        Task<string?> Send(CancellationToken token)
        {
            tries++;
            return write.Send(expected, token);
        }

        try
        {
            while (true)
            {
                try
                {
                    var etag = await calls.RunAsync(operation, Send, cancellationToken).ConfigureAwait(false);
                    return Done(write, etag);
                }
                catch (RequestFailedException e) when (Failures.IsConflict(e) && (tries > 1 || _unsettled.Has(write.Record, write.ETag)))
                {
                    var stored = await calls.RunAsync("settle", write.Look, cancellationToken).ConfigureAwait(false);
                    if (tries > 1 && stored.Print == write.Print) return Done(write, Settled(stored));
                    var isOwn = expected == write.ETag && stored.ETag != expected && _unsettled.Knows(write.Record, write.ETag, stored.Print);
                    if (!isOwn) throw;
                    (expected, tries) = (Settled(stored), 0);
                }
            }
        }
        catch (Exception e) when (tries > 0 && Failures.IsPassing(e))
        {
            _unsettled.Add(write.Record, write.ETag, write.Print);
            throw;
        }
        catch (RequestFailedException e) when (Failures.IsConflict(e))
        {
            metrics.Conflicts.Add(1, new KeyValuePair<string, object?>("store", store));
            throw;
        }
    }

    private string? Done(ConditionalWrite write, string? etag)
    {
        _unsettled.Forget(write.Record);
        return etag;
    }

    private string? Settled(StoredRecord stored)
    {
        metrics.Settled.Add(1, new KeyValuePair<string, object?>("store", store));
        return stored.ETag;
    }
}
