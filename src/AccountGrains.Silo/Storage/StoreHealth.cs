using Azure;
using Microsoft.Extensions.ObjectPool;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// Gives every call to the store a time of its own, and when several had no answer within it and none had one for a while, lets nobody wait any more: calls
/// fail at once, but for one now and then that tries whether the store is back. One that answers late, or refuses calls, is not down.
/// </summary>
internal sealed class StoreHealth(TimeProvider clock, StorageMetrics metrics, ILogger<StoreHealth> logger)
{
    private const int Unanswered = 3;
    private const int TimeoutsKept = 512;

    // What the Azure provider says of a call that it did not make: nothing was answered.
    private const string NotCalled = "CircuitOpen";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly DefaultObjectPool<CancellationTokenSource> _timeouts = new(new Timeouts(), TimeoutsKept);
    private readonly Lock _lock = new();
    private volatile bool _isDown;
    private int _unanswered;
    private long _lastAnswer;
    private long _nextTry;

    /// <summary>True while calls fail at once.</summary>
    public bool IsDown => _isDown;

    /// <summary>Makes a call that may take as long as the limit; then, or when the store is down, <see cref="StoreUnavailableException"/>.</summary>
    public async Task CallAsync(Func<CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        Enter();
        using var lent = Lend(cancellationToken);
        var timeout = lent.Source;
        var answer = call(timeout.Token);
        try
        {
            if (!answer.IsCompleted)
            {
                timeout.CancelAfter(limit);

                // Not every store heeds the token. One that does says itself what became of a call that its caller gave up; where nobody can, the token stands for the time alone.
                await (cancellationToken.CanBeCanceled ? answer.WaitAsync(limit, TimeProvider.System, CancellationToken.None) : answer.WaitAsync(timeout.Token)).ConfigureAwait(false);
            }

            await answer.ConfigureAwait(false);
            Answered();
        }
        catch (Exception e) when (IsSilence(e, timeout.Token) && !cancellationToken.IsCancellationRequested)
        {
            await timeout.CancelAsync().ConfigureAwait(false);
            Observe(answer);
            NotAnswered(limit);
            throw new StoreUnavailableException("The store did not answer in time.", e);
        }
        catch (RequestFailedException e) when (e.ErrorCode == NotCalled)
        {
            throw;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It answered, if only to refuse.
            Answered();
            throw;
        }
    }

    // Most calls are writes, which nobody gives up, thousands a second: timers of its own for each would be much of what they cost.
    private Lent Lend(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? new Lent(CancellationTokenSource.CreateLinkedTokenSource(cancellationToken), null) : new Lent(_timeouts.Get(), _timeouts);

    private static bool IsSilence(Exception exception, CancellationToken timeout) => exception is TimeoutException || (exception is OperationCanceledException && timeout.IsCancellationRequested);

    /// <summary>A call that nobody waits for any more: what becomes of it is nobody's exception, but an answer is one.</summary>
    private void Observe(Task call) => call.ContinueWith(
        c =>
        {
            _ = c.Exception;
            if (c.IsCompletedSuccessfully) Answered();
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

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
        Volatile.Write(ref _lastAnswer, clock.GetTimestamp());
        if (Volatile.Read(ref _unanswered) == 0) return;
        lock (_lock)
        {
            if (_isDown) Log.StoreUp(logger);
            _isDown = false;
            _unanswered = 0;
        }
    }

    private void NotAnswered(TimeSpan limit)
    {
        metrics.Unanswered.Add(1);
        lock (_lock)
        {
            _unanswered++;
            _nextTry = Next();
            if (_isDown || _unanswered < Unanswered || clock.GetElapsedTime(Volatile.Read(ref _lastAnswer)) < limit) return;
            _isDown = true;
            Log.StoreDown(logger);
        }
    }

    private long Next() => clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency);

    private readonly struct Lent(CancellationTokenSource source, ObjectPool<CancellationTokenSource>? pool) : IDisposable
    {
        public CancellationTokenSource Source => source;

        public void Dispose()
        {
            if (pool is null) source.Dispose();
            else pool.Return(source);
        }
    }

    private sealed class Timeouts : PooledObjectPolicy<CancellationTokenSource>
    {
        public override CancellationTokenSource Create() => new();

        // One whose time came is not used again.
        public override bool Return(CancellationTokenSource obj) => obj.TryReset();
    }
}
