using System.Collections.Concurrent;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>Sees the calls to the tracker's grains, and holds those to one method back until they are released.</summary>
internal sealed class CallFilter : IIncomingGrainCallFilter
{
    private readonly ConcurrentQueue<string> _seen = new();
    private TaskCompletionSource _gate = Open();
    private Exception? _failure;
    private volatile string? _held;

    public IReadOnlyCollection<string> Seen => _seen;

    public void Clear() => _seen.Clear();

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

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
