using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Accounts;

/// <summary>What one observation costs in the core: one that shows what its account showed before, and one with a new prompt.</summary>
[MemoryDiagnoser]
public class ObserveBenchmarks
{
    private readonly AccountState _state = new(Samples.IdOf(1));
    private readonly Snapshot _snapshot = Snapshot.Empty(Policy.Default);
    private readonly AccountInput _known = Samples.Input(1, 0, Samples.Start);
    private long _time = Samples.Start;
    private ulong _request = 1;

    [Benchmark(Baseline = true)]
    public Core.Verdict Known() => AccountRules.Observe(_state, _known with { Time = _time += 1_000, Request = _request += 2 }, _snapshot).Verdict;

    [Benchmark]
    public Core.Verdict NewPrompt()
    {
        _time += 1_000;
        _request += 2;
        var sketch = Samples.Sketch((int)_request, (int)_request);
        return AccountRules.Observe(_state, _known with { Time = _time, Request = _request, Sketch = sketch }, _snapshot).Verdict;
    }
}
