namespace AccountGrains.Silo.Storage;

/// <summary>
/// Gives every call to the store a time of its own, and when several in a row had no answer within it, lets nobody wait any more: calls fail at once, but
/// for one now and then that tries whether the store is back. A store that refuses calls needs no such thing: they fail at once by themselves.
/// </summary>
internal sealed class StoreHealth(TimeProvider clock, StorageMetrics metrics, ILogger<StoreHealth> logger)
{
    private const int Unanswered = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private int _unanswered;
    private long _nextTry;

    /// <summary>True while calls fail at once.</summary>
    public bool IsDown => Volatile.Read(ref _unanswered) >= Unanswered;

    /// <summary>Makes a call that may take as long as the limit; then, or when the store is down, <see cref="StoreUnavailableException"/>.</summary>
    public async Task CallAsync(Func<CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        Enter();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = call(timeout.Token);
        try
        {
            if (!answer.IsCompleted)
            {
                timeout.CancelAfter(limit);

                // Not every store heeds the token; one that does says itself what became of a call that its caller gave up.
                await answer.WaitAsync(limit, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
            }

            await answer.ConfigureAwait(false);
            Answered();
        }
        catch (Exception e) when (IsSilence(e, timeout.Token) && !cancellationToken.IsCancellationRequested)
        {
            await timeout.CancelAsync().ConfigureAwait(false);
            Observe(answer);
            NotAnswered();
            throw new StoreUnavailableException("The store did not answer in time.", e);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It answered, if only to refuse.
            Answered();
            throw;
        }
    }

    private static bool IsSilence(Exception exception, CancellationToken timeout) => exception is TimeoutException || (exception is OperationCanceledException && timeout.IsCancellationRequested);

    /// <summary>Whatever becomes of a call that nobody waits for is nobody's exception.</summary>
    private static void Observe(Task call) => call.ContinueWith(static c => _ = c.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private void Enter()
    {
        if (!IsDown) return;
        lock (_lock)
        {
            if (!IsDown) return;
            if (clock.GetTimestamp() >= _nextTry)
            {
                _nextTry = Next();
                return;
            }
        }

        metrics.Refused.Add(1);
        throw new StoreUnavailableException("The store does not answer; it is tried again shortly.");
    }

    private void Answered()
    {
        if (Volatile.Read(ref _unanswered) == 0) return;
        lock (_lock)
        {
            if (IsDown) Log.StoreUp(logger);
            Volatile.Write(ref _unanswered, 0);
        }
    }

    private void NotAnswered()
    {
        metrics.Unanswered.Add(1);
        lock (_lock)
        {
            if (_unanswered == Unanswered - 1) Log.StoreDown(logger);
            if (_unanswered < Unanswered) Volatile.Write(ref _unanswered, _unanswered + 1);
            _nextTry = Next();
        }
    }

    private long Next() => clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency);
}
