using System.Collections.Concurrent;
using AccountGrains.Abstractions.Fingerprints;

namespace AccountGrains.LoadTests.Serving;

/// <summary>Counts the calls that bring reports to fingerprints, by fingerprint.</summary>
internal sealed class ReportCounter : IIncomingGrainCallFilter
{
    private static readonly GrainType Fingerprints = GrainType.Create("fingerprint");
    private readonly ConcurrentDictionary<GrainId, int> _reports = new();

    /// <summary>The most that one fingerprint got since they were forgotten.</summary>
    public int Most => _reports.IsEmpty ? 0 : _reports.Values.Max();

    /// <summary>Forgets all.</summary>
    public void Clear() => _reports.Clear();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.TargetId.Type == Fingerprints && context.MethodName == nameof(IFingerprintGrain.ReportAsync)) _reports.AddOrUpdate(context.TargetId, 1, (_, count) => count + 1);
        return context.Invoke();
    }
}
