namespace AccountGrains.Silo.Correlation;

/// <summary>Calls of many grains with bounded fan-out; one that fails counts as not acknowledged.</summary>
internal sealed partial class GrainCalls(ILogger<GrainCalls> logger)
{
    private const int Parallel = 64;

    /// <summary>Calls one.</summary>
    public async ValueTask<TResult?> TryAsync<TCall, TResult>(TCall call, Func<TCall, ValueTask<TResult>> send)
        where TResult : class? => (await AllAsync([call], send).ConfigureAwait(false))[0];

    /// <summary>Calls many; results stand where their calls do.</summary>
    public async ValueTask<TResult?[]> AllAsync<TCall, TResult>(IReadOnlyList<TCall> calls, Func<TCall, ValueTask<TResult>> send)
        where TResult : class?
    {
        var results = new TResult?[calls.Count];
        var next = -1;
        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Parallel, calls.Count)).Select(_ => WorkAsync())).ConfigureAwait(false);
        if (failed > 0) NotAcknowledged(failed, typeof(TCall).Name);
        return results;

        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < calls.Count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    results[i] = await send(calls[i]).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    if (Interlocked.Increment(ref failed) == 1) CallFailed(e, typeof(TCall).Name);
                }
            }
        }
    }

    /// <summary>Makes a result of a call that has none.</summary>
    public static async ValueTask<object> DoneAsync(ValueTask call)
    {
        await call.ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(1200, LogLevel.Warning, "A correlation message of kind {Kind} failed; it is sent again at the next end of an epoch")]
    private partial void CallFailed(Exception exception, string kind);

    [LoggerMessage(1201, LogLevel.Warning, "{Count} correlation messages of kind {Kind} were not acknowledged")]
    private partial void NotAcknowledged(int count, string kind);
}
