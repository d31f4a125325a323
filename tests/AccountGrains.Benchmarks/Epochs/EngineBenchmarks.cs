using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Epochs;

/// <summary>What a day of traffic with one operation in it costs the single-threaded engine, for each observation: verdicts, epochs, campaigns.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Requests = 20_000;
    private readonly List<AccountInput> _day = Operation.Day();

    [Benchmark(OperationsPerInvoke = Requests)]
    public int Day()
    {
        var engine = new Engine(Policy.Default);
        var decisions = new List<Decision>();
        foreach (var input in _day) engine.Observe(input, decisions);
        engine.Close(decisions);
        return decisions.Count;
    }
}
