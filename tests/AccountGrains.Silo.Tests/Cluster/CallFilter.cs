using System.Collections.Concurrent;
using AccountGrains.Abstractions.Messages;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>Counts calls to the tracker's grains, and loses some of them.</summary>
internal sealed class CallFilter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(string Grain, string Method), long> _counts = new();

    /// <summary>What becomes of a call, null for all to arrive.</summary>
    public Func<IIncomingGrainCallContext, Fate>? FateOf { get; set; }

    /// <summary>Is told every message and every answer that is one.</summary>
    public Action<object>? Seen { get; set; }

    /// <summary>Calls by the grain's type and method.</summary>
    public IReadOnlyDictionary<(string Grain, string Method), long> Counts => _counts;

    public void Clear() => _counts.Clear();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (!context.InterfaceName.StartsWith("AccountGrains", StringComparison.Ordinal) || context.InterfaceName.Contains("Test", StringComparison.Ordinal))
        {
            await context.Invoke();
            return;
        }

        _counts.AddOrUpdate((context.TargetId.Type.ToString()!, context.MethodName), 1, (_, n) => n + 1);
        var fate = FateOf?.Invoke(context) ?? Fate.Arrives;
        if (fate == Fate.LostThere) throw new TimeoutException("The call was lost.");
        for (var i = 0; i < context.Request.GetArgumentCount(); i++) Note(context.Request.GetArgument(i));
        await context.Invoke();
        Note(context.Result);
        if (fate == Fate.LostBack) throw new TimeoutException("The answer was lost.");
    }

    private void Note(object? value)
    {
        if (value?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Message<>)) Seen?.Invoke(value);
    }
}

/// <summary>What becomes of a call.</summary>
internal enum Fate
{
    Arrives,
    LostThere,

    /// <summary>It arrives, and its answer does not.</summary>
    LostBack,
}
