using System.Diagnostics.Metrics;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Silo.Door;

/// <summary>Counts what was answered.</summary>
internal sealed class VerdictMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _verdicts = meters.Create("AccountGrains").CreateCounter<long>("accountgrains.verdicts", description: "Verdicts answered");

    /// <summary>Counts a verdict.</summary>
    public void Add(VerdictView verdict) => _verdicts.Add(
        1, new("verdict", verdict.Verdict), new("state", verdict.State), new("mode", verdict.Mode));
}
