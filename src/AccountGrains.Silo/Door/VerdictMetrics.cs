using System.Diagnostics.Metrics;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Silo.Door;

/// <summary>Counts what was answered.</summary>
internal sealed class VerdictMetrics
{
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _refused;

    /// <summary>Makes the counters.</summary>
    public VerdictMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AccountGrains");
        _verdicts = meter.CreateCounter<long>("accountgrains.verdicts", description: "Verdicts answered");
        _duplicates = meter.CreateCounter<long>("accountgrains.observations.duplicates", description: "Requests that were seen before, and not counted again");
        _refused = meter.CreateCounter<long>("accountgrains.observations.refused", description: "Observations that were not passed on, because too many were under way (limit) or what came in waited too long for a thread (overload)");
    }

    /// <summary>Counts an observation that was not passed on.</summary>
    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Counts a verdict.</summary>
    public void Add(VerdictView verdict)
    {
        _verdicts.Add(1, new("verdict", verdict.Verdict), new("state", verdict.State), new("mode", verdict.Mode));
        if (verdict.Duplicate == true) _duplicates.Add(1);
    }
}
