using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Accounts;

/// <summary>What campaigns add to an observation: of an account that has nothing to do with them, and of one that stands with one of them.</summary>
[MemoryDiagnoser]
public class MatchingBenchmarks
{
    private const int Bursts = 64;
    private readonly AccountState _alone = new(Samples.IdOf(1));
    private readonly AccountState _stranger = new(Samples.IdOf(1));
    private readonly AccountState _matching = new(Samples.IdOf(1));
    private readonly Snapshot _none = Snapshot.Empty(Policy.Default);
    private readonly AccountInput _input = Samples.Input(1, 0, Samples.Start);
    private Snapshot _active = Snapshot.Empty(Policy.Default);
    private Snapshot _own = Snapshot.Empty(Policy.Default);
    private long _time = Samples.Start;
    private ulong _request = 1;

    /// <summary>Campaigns that act at the same moments.</summary>
    [Params(8)]
    public int Campaigns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _active = With(Enumerable.Range(1, Campaigns).Select(i => Signature(i, [])));
        _own = With([Signature(1, Enumerable.Range(0, 4).Select(i => Entry(i)))]);
        foreach (var state in (AccountState[])[_alone, _stranger, _matching])
        {
            for (var i = 0; i < 12; i++) AccountRules.Observe(state, _input with { Time = _time += 600_000, Request = _request += 2 }, _active);
        }
    }

    [Benchmark(Baseline = true)]
    public Verdict WithoutCampaigns() => Observe(_alone, _none);

    [Benchmark]
    public Verdict Stranger() => Observe(_stranger, _active);

    [Benchmark]
    public Verdict OfACampaign() => Observe(_matching, _own);

    private static Snapshot With(IEnumerable<CampaignSignature> signatures) =>
        Snapshot.Empty(Policy.Default).Next(Policy.Default, new PopulationView(100_000, 1_000), [.. signatures], [], null);

    private SignatureEntry Entry(int token) => new(Sighting.TokenOf(_input.Sketch[token], token, 1), 6, 5, 30, 0.01f, true);

    private static CampaignSignature Signature(int number, IEnumerable<SignatureEntry> entries) => new(entries)
    {
        Id = new CampaignId((ulong)number),
        Active = true,
        FoundedAt = Samples.Start,
        Members = 40,
        Prior = -8,
        MatchedShare = 0.5f,
        Newness = 4,
        NewWeight = 2,
        Families = 0,
        Proofs = CoordinationProofs.Bursts,
        Cards = [],
        Bursts = [.. Enumerable.Range(0, Bursts).Select(i => (Samples.Start / 10_000) + (i * 97) + (number * 13))],
    };

    private Verdict Observe(AccountState state, Snapshot snapshot) => AccountRules.Observe(state, _input with { Time = _time += 1_000, Request = _request += 2 }, snapshot).Verdict;
}
