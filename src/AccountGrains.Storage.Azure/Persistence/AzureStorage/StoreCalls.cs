using Azure;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Orleans.Persistence.AzureStorage;

/// <summary>
/// All calls to one store: each has a timeout and is tried again a few times; when half of the calls fail the store gets a pause, in which calls fail at
/// once and nothing piles up before it.
/// </summary>
internal sealed class StoreCalls
{
    private static readonly TimeSpan LookedAt = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromSeconds(30);

    private readonly string _store;
    private readonly StoreMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly AzureStoragePolicyOptions _policy;
    private readonly ResiliencePipeline _operations;

    /// <summary>Makes the calls to the store <paramref name="store"/>.</summary>
    public StoreCalls(string store, AzureStoragePolicyOptions policy, StoreMetrics metrics, TimeProvider? clock = null)
    {
        (_store, _policy, _metrics, _clock) = (store, policy, metrics, clock ?? TimeProvider.System);
        var tries = new ResiliencePipelineBuilder { TimeProvider = _clock };
        if (policy.MaxOperationRetries > 0) tries.AddRetry(Retry());
        _operations = tries.AddCircuitBreaker(Breaker()).AddTimeout(policy.OperationTimeout).Build();
    }

    /// <summary>Makes a call.</summary>
    public async Task<T> RunAsync<T>(string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        var outcome = "failed";
        try
        {
            var answer = await RunAsync(_operations, operation, call, cancellationToken).ConfigureAwait(false);
            outcome = "done";
            return answer;
        }
        catch (BrokenCircuitException e)
        {
            outcome = "not-called";
            throw Failures.NotCalled(_store, e);
        }
        catch (RequestFailedException e) when (Failures.IsConflict(e))
        {
            outcome = "conflict";
            throw;
        }
        finally
        {
            _metrics.Duration.Record(_clock.GetElapsedTime(started).TotalSeconds, new("store", _store), new("operation", operation), new("outcome", outcome));
        }
    }

    /// <summary>Makes a call that creates what the store needs; it waits longer, and is tried more often, because nothing goes on without it.</summary>
    public async Task CreateAsync(Func<CancellationToken, Task> create, CancellationToken cancellationToken)
    {
        var tries = new ResiliencePipelineBuilder { TimeProvider = _clock };
        if (_policy.MaxCreationRetries > 0)
        {
            tries.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = IsPassing,
                MaxRetryAttempts = _policy.MaxCreationRetries,
                Delay = _policy.PauseBetweenCreationRetries,
                UseJitter = true,
            });
        }

        await RunAsync(tries.AddTimeout(_policy.CreationTimeout).Build(), "create", async token =>
        {
            await create(token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask<bool> IsPassing<T>(RetryPredicateArguments<T> arguments) =>
        new(arguments.Outcome.Exception is { } e && !arguments.Context.CancellationToken.IsCancellationRequested && Failures.IsPassing(e));

    private static async Task<T> RunAsync<T>(
        ResiliencePipeline pipeline, string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(operation, cancellationToken);
        try
        {
            return await pipeline.ExecuteAsync(static async (context, call) => await call(context.CancellationToken).ConfigureAwait(false), context, call).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private RetryStrategyOptions Retry() => new()
    {
        ShouldHandle = IsPassing,
        MaxRetryAttempts = _policy.MaxOperationRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _policy.PauseBetweenOperationRetries,
        MaxDelay = _policy.MaxPauseBetweenOperationRetries,
        DelayGenerator = arguments => new(WishOf(arguments.Outcome.Exception)),
        OnRetry = arguments =>
        {
            _metrics.Retries.Add(1, new("store", _store), new("operation", arguments.Context.OperationKey));
            return default;
        },
    };

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        ShouldHandle = static arguments =>
            new(arguments.Outcome.Exception is { } e && !arguments.Context.CancellationToken.IsCancellationRequested && Failures.IsPassing(e)),
        FailureRatio = 0.5,
        MinimumThroughput = _policy.BreakerThroughput,
        SamplingDuration = LookedAt,
        BreakDurationGenerator = arguments => new(PauseAfter(arguments.HalfOpenAttempts)),
        OnOpened = _ =>
        {
            _metrics.Broken.Add(1, new KeyValuePair<string, object?>("store", _store));
            return default;
        },
    };

    private TimeSpan PauseAfter(int probes)
    {
        var pause = Math.Min(_policy.BreakerPause.TotalMilliseconds * Math.Pow(2, Math.Min(probes, 16)), LongestBreak.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(pause * (0.75 + (Random.Shared.NextDouble() / 2)));
    }

    /// <summary>How long the service asks to wait, up to a limit; null for the usual pause.</summary>
    private TimeSpan? WishOf(Exception? exception)
    {
        if (exception is not RequestFailedException failed || failed.GetRawResponse() is not { } response) return null;
        if (!response.Headers.TryGetValue("Retry-After", out var text) || !int.TryParse(text, out var seconds) || seconds < 0) return null;
        var wish = TimeSpan.FromSeconds(seconds);
        return wish < _policy.MaxPauseBetweenOperationRetries ? wish : _policy.MaxPauseBetweenOperationRetries;
    }
}
