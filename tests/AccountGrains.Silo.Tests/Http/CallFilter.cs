using System.Collections.Concurrent;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>Counts the calls to the tracker's grains, sees how many are under way to one of them, and holds those to one method back until they are released.</summary>
internal sealed class CallFilter : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<GrainId, int> _underWay = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private TaskCompletionSource _gate = Open();
    private Exception? _failure;
    private volatile string? _held;

    public IReadOnlyCollection<string> Seen => _seen;

    /// <summary>The most calls that were under way to one account at a time.</summary>
    public int Peak { get; private set; }

    public void Clear()
    {
        _seen.Clear();
        Peak = 0;
    }

    public void Hold(string method)
    {
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = method;
    }

    public void Fail(string method, Exception failure)
    {
        _failure = failure;
        _held = method;
    }

    public void Release()
    {
        _held = null;
        _failure = null;
        _gate.TrySetResult();
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceName.StartsWith("AccountGrains", StringComparison.Ordinal))
        {
            _seen.Enqueue($"{context.TargetId.Type} {context.MethodName}");
            if (context.MethodName == _held)
            {
                if (_failure is not null) throw _failure;
                await _gate.Task;
            }
        }

        await context.Invoke();
    }

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.MethodName != "ObserveAsync")
        {
            await context.Invoke();
            return;
        }

        Peak = Math.Max(Peak, _underWay.AddOrUpdate(context.TargetId, 1, (_, count) => count + 1));
        await context.Invoke();
        _underWay.AddOrUpdate(context.TargetId, 0, (_, count) => count - 1);
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
