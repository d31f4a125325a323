using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Epochs;

/// <summary>
/// What one epoch costs in which many new accounts come with one address, client and template, after one in which as many did. Four times the accounts are to cost four times as much:
/// whatever is compared with all others grows with their square, and a hub is what an attacker makes.
/// </summary>
public class HubBenchmarks
{
    private List<AccountInput> _all = [];

    [Params(5_000, 20_000)]
    public int Accounts { get; set; }

    [GlobalSetup]
    public void SetUp() => _all = [.. Enumerable.Range(0, 2 * Accounts).Select(i => Samples.Input(i, 1, Samples.Start + (i / Accounts * 60_000L)) with
    {
        Ip = Samples.Value(1, -1),
        Prefix = Samples.Value(2, -1),
        Ja4 = Samples.Value(4, -1),
        UserAgent = Samples.Value(5, -1),
        Sketch = Samples.Sketch(-1, 1),
    })];

    [Benchmark]
    public int TwoEpochs()
    {
        var engine = new Engine(Policy.Default);
        var decisions = new List<Decision>();
        foreach (var input in _all) engine.Observe(input, decisions);
        engine.Close(decisions);
        return engine.Fingerprints.Count;
    }
}
