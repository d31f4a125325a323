using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Accounts;

/// <summary>What an account's state costs to write for its store, and to read.</summary>
[MemoryDiagnoser]
public class AccountStateBenchmarks
{
    private readonly AccountState _state = new(Samples.IdOf(1));
    private byte[] _stored = [];

    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < 100; i++) AccountRules.Observe(_state, Samples.Input(1, i, Samples.Start + (i * 60_000)), Snapshot.Empty(Policy.Default));
        _stored = _state.Write();
    }

    [Benchmark(Baseline = true)]
    public byte[] Write() => _state.Write();

    [Benchmark]
    public AccountState Read() => AccountState.Read(_state.Id, "acct", _stored);
}
