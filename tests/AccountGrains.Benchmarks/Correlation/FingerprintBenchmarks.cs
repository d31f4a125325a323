using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Correlation;

/// <summary>What a fingerprint does with the reports of an epoch, with few accounts and with very many.</summary>
[MemoryDiagnoser]
public class FingerprintBenchmarks
{
    private const int Reports = 64;
    private readonly Fingerprint _fingerprint = new(FingerprintKind.Ip, 1, Samples.Value(1, 1));
    private readonly PopulationView _population = new(100_000, 1_000);
    private FingerprintState _state = null!;
    private Report[] _reports = [];

    /// <summary>How many accounts have shown it before.</summary>
    [Params(16, 100_000)]
    public int Accounts { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _state = new FingerprintState(_fingerprint);
        for (var i = 0; i < Accounts; i++) _state.Observe([new Report(Samples.Sighting(i, 0, Samples.Start), 0)], _population, Policy.Default);
        _reports = [.. Enumerable.Range(0, Reports).Select(i => new Report(Samples.Sighting(i % Accounts, 1, Samples.Start + 1), 0))];
    }

    [Benchmark(OperationsPerInvoke = Reports)]
    public FingerprintOutcome Batch() => _state.Observe(_reports, _population, Policy.Default);
}
