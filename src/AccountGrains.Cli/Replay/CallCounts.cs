using System.Collections.Concurrent;
using System.Reflection;

namespace AccountGrains.Cli.Replay;

/// <summary>Counts the calls of an embedded silo by interface and method.</summary>
internal sealed class CallCounts : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<MethodInfo, StrongBox> _counts = new();

    /// <summary>The counts, most first.</summary>
    public IReadOnlyList<(string What, long Count)> All =>
        [.. _counts.Select(c => ($"{c.Key.DeclaringType?.Name}.{c.Key.Name}", Interlocked.Read(ref c.Value.Value)))
            .Where(c => c.Item1.StartsWith("IAccount", StringComparison.Ordinal) || c.Item1.StartsWith("IFingerprint", StringComparison.Ordinal)
                || c.Item1.StartsWith("ICampaign", StringComparison.Ordinal) || c.Item1.StartsWith("IPopulation", StringComparison.Ordinal))
            .OrderByDescending(c => c.Item2)];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        Interlocked.Increment(ref _counts.GetOrAdd(context.InterfaceMethod, _ => new StrongBox()).Value);
        return context.Invoke();
    }

    private sealed class StrongBox
    {
        public long Value;
    }
}
